"""Conditions that mutation testing found no test for: many open people at once, and how far ahead a day may lie."""

from fractions import Fraction

import pytest

from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from tests.rules.asking import NOW, ask, by_key

MANY = 14  # more open people than cases are followed through for


def _clergy(since: str | None) -> Json:
    members: list[Json] = [{"id": "p0", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}]
    for number in range(1, MANY):
        member = {
            "id": f"p{number}",
            "relation": "sibling",
            "birth_date": "1985-01-01",
            "income": {},
            "absence": "clergy",
        }
        members.append(member | ({"absent_since": since} if since else {}))
    household = {"residence": "urban", "members": members, "assets": {}, "spending": {}, "obligors": []}
    return {"jurisdiction": "999900", "date": "2026-08-15", "household": household}


def test_too_many_open_people_are_all_open_and_the_bounds_hold() -> None:
    answer = ask(_clergy(None))
    assert set(answer["household"]["open"]) >= {f"p{number}" for number in range(1, MANY)}
    amount = by_key(answer)["dibao", None]["amount"]
    for since in ("2000-01-01", "2026-01-01"):
        complete = by_key(ask(_clergy(since)))["dibao", None]["amount"]
        assert Fraction(amount["min"]) <= Fraction(complete["value"])
        assert amount["max"] is None or Fraction(complete["value"]) <= Fraction(amount["max"])


def test_a_day_of_the_last_year_that_may_be_asked_for_is_answered_and_one_of_the_next_is_not() -> None:
    request = _clergy("2000-01-01")
    last = NOW.year + 10
    assert ask(request | {"date": f"{last}-12-31"})["results"]
    with pytest.raises(FaultyRequest) as refusal:
        ask(request | {"date": f"{last + 1}-01-01"})
    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("/date", "too_far_ahead")]


def test_one_open_person_alone_is_open_and_whoever_comes_through_him() -> None:
    request = _clergy(None)
    members = request["household"]["members"][:2]
    members.append({"id": "p2", "relation": "child", "birth_date": "2015-01-01", "income": {}})
    household = ask(request | {"household": request["household"] | {"members": members}})["household"]
    assert (household["counted"], household["open"], household["left_out"]) == (["p0", "p2"], ["p1"], [])
