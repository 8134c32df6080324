"""Facts taken away at random: what is still decided stays true, bounds hold, and nothing is asked for in vain."""

import random
from fractions import Fraction
from typing import Any

import pytest

from app.rules.language.vocabulary import PROGRAMMES
from app.rules.values.strict_json import Json
from tests.forgetting import forget
from tests.oracle.households import random_request
from tests.rules.asking import ask, by_key

HOUSEHOLDS = 400
BATCH = 50
DECIDED = ("eligible", "ineligible", "not_applicable")


def _households(first: int) -> list[tuple[Json, Json, set[str]]]:
    found = []
    for seed in range(first, first + BATCH):
        rng = random.Random(seed)
        request = random_request(rng) | {"programmes": list(PROGRAMMES)}
        forgotten, pointers = forget(request, rng, rng.choice([1, 2, 3, 5, 8]))
        found.append((request, forgotten, pointers))
    return found


@pytest.mark.parametrize("first", range(0, HOUSEHOLDS, BATCH))
def test_forgetting_facts(first: int) -> None:
    decided = opened = 0
    for request, forgotten, pointers in _households(first):
        known, partial = by_key(ask(request)), by_key(ask(forgotten))
        assert known.keys() == partial.keys()
        for key, complete in known.items():
            result = partial[key]
            _check_status(complete, result)
            _check_bounds(complete["amount"], result["amount"])
            assert all(_was_forgotten(pointer, pointers) for pointer in result["missing"])
            if result["status"] == "ineligible":
                assert not result["missing"]
                assert not result["gaps"]
            if complete["status"] != "not_applicable":
                decided += result["status"] in DECIDED
                opened += result["status"] not in DECIDED
    assert decided > opened  # well over half of what concerns the household


def _check_status(complete: Json, partial: Json) -> None:
    """A decided status is the complete one; refusing may stand for being outside the group where only that is open."""
    if partial["status"] in DECIDED and complete["status"] in DECIDED:
        same = partial["status"] == complete["status"]
        assert same or {partial["status"], complete["status"]} == {"ineligible", "not_applicable"}


def _check_bounds(complete: dict[str, Any] | None, partial: dict[str, Any] | None) -> None:
    if complete is None or partial is None:
        return
    assert Fraction(partial["min"]) <= Fraction(complete["min"])
    assert partial["max"] is None or Fraction(complete["max"]) <= Fraction(partial["max"])


def _was_forgotten(pointer: str, pointers: set[str]) -> bool:
    """A fact taken away with the whole that holds it is named by the whole."""
    return any(pointer == gone or pointer.startswith(gone + "/") for gone in pointers)
