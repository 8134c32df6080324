"""Random complete households, computed twice: by the packs and by a reference that shares no code with them."""

import random
from fractions import Fraction
from typing import Any

import pytest

from tests.support.oracle import reference
from tests.support.oracle.households import random_request
from tests.support.rules import Key, ask, by_key

HOUSEHOLDS = 1500
BATCH = 100
Decision = tuple[str, tuple[Fraction, Fraction] | None]


@pytest.mark.parametrize("first", range(0, HOUSEHOLDS, BATCH))
def test_both_computations_agree_to_the_fen(first: int) -> None:
    for seed in range(first, first + BATCH):
        request = random_request(random.Random(seed))
        expected = _expected(reference.assess(request))
        assert _decided(ask(request)) == expected, f"household {seed}, as asked"
        assert _decided(ask(request, explain="full")) == expected, f"household {seed}, bounded"


@pytest.mark.parametrize("first", range(0, 500, BATCH))
def test_both_computations_count_the_same_people_and_the_same_income(first: int) -> None:
    for seed in range(first, first + BATCH):
        request = random_request(random.Random(seed))
        household, expected = ask(request)["household"], reference.household(request)
        assert household["counted"] == expected["counted"], f"household {seed}"
        assert household["open"] == expected["open"], f"household {seed}"
        if isinstance(expected["income"], Fraction):
            assert Fraction(household["income_month"]["value"]) == Fraction(int(expected["income"] * 100), 100)


def _expected(results: list[dict[str, Any]]) -> dict[Key, Decision]:
    return {(r["programme"], r["person"]): (r["status"], _bounds(r["amount"])) for r in results}


def _bounds(amount: Fraction | tuple[Fraction, Fraction] | None) -> tuple[Fraction, Fraction] | None:
    if amount is None or isinstance(amount, tuple):
        return amount
    return amount, amount


def _decided(answer: dict[str, Any]) -> dict[Key, Decision]:
    found: dict[Key, Decision] = {}
    for key, result in by_key(answer).items():
        amount = result["amount"]
        bounds = None if amount is None else (Fraction(amount["min"]), Fraction(amount["max"]))
        found[key] = (result["status"], bounds)
    return found
