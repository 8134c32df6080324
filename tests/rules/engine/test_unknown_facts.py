"""Facts taken away at random: what is still decided stays true, bounds hold, and nothing is asked for in vain."""

import random
from fractions import Fraction
from typing import Any

import pytest

from app.rules.language.vocabulary import PROGRAMMES
from app.rules.values.strict_json import Json
from tests.rules.engine.open_people import MANY, clergy
from tests.support.oracle.households import random_request
from tests.support.oracle.incomplete import forget
from tests.support.rules import ask, by_key

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
def test_an_answer_with_fewer_facts_holds_the_full_answer(first: int) -> None:
    decided = opened = 0
    for request, forgotten, pointers in _households(first):
        if "/household/obligors" in pointers:
            _owe_nothing(request)
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


def _owe_nothing(request: Json) -> None:
    """Where nobody was asked who owes support, what is declared stands, and the answer says so."""
    for obligor in request["household"]["obligors"]:
        obligor |= {"ordered_support": "0.00", "paid_support": "0.00"}


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


def test_too_many_open_people_are_all_open_and_the_bounds_hold() -> None:
    answer = ask(clergy(None))
    assert set(answer["household"]["open"]) >= {f"p{number}" for number in range(1, MANY)}
    amount = by_key(answer)["dibao", None]["amount"]
    for since in ("2000-01-01", "2026-01-01"):
        complete = by_key(ask(clergy(since)))["dibao", None]["amount"]
        assert Fraction(amount["min"]) <= Fraction(complete["value"])
        assert amount["max"] is None or Fraction(complete["value"]) <= Fraction(amount["max"])


def test_one_open_person_alone_is_open_and_whoever_comes_through_him() -> None:
    request = clergy(None)
    members = request["household"]["members"][:2]
    members.append({"id": "p2", "relation": "child", "birth_date": "2015-01-01", "income": {}})
    household = ask(request | {"household": request["household"] | {"members": members}})["household"]
    assert (household["counted"], household["open"], household["left_out"]) == (["p0", "p2"], ["p1"], [])
