"""What a person's status was in a month: by what was decided last, for those it was decided on, and else not known."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from app.decisions.state import DecisionState, Follower
from app.people.statuses import status
from app.rules.facts.household import Programme
from app.rules.values.strict_json import Json
from tests.support.decisions.states import confirmation

ONE, TWO = UUID(int=1), UUID(int=2)
MEMBERS = ("p1", "p2", "p3")
ME = frozenset({"p1"})


def decision(
    date: str = "2026-08-15",
    programme: str = "dibao",
    person: str | None = None,
    counted: tuple[str, ...] = ("p1", "p2"),
    asked: list[str] | None = None,
    results: bool = True,
    first: str | None = None,
) -> Json:
    amount = {"from_month": first} if first else None
    result = {"programme": programme, "person": person, "status": "eligible", "amount": amount}
    return {
        "date": date,
        "facts": {"programmes": asked, "household": {"members": [{"id": one} for one in MEMBERS]}},
        "results": {"household": {"counted": list(counted)}, "results": [result] if results else []},
        "corrects": None,
        "succeeds": None,
    }


def decided(said: Json, outcome: str | None = "granted", **more: Any) -> DecisionState:
    """A decision with what an officer decided on its one result; None: on nothing."""
    results = said["results"]["results"]
    outcomes = [{"programme": r["programme"], "person": r["person"], "outcome": outcome} for r in results if outcome]
    return DecisionState(said, b"", [confirmation(*outcomes)], **more)


def holds(
    *states: DecisionState, month: str = "2026-12", programme: Programme = "dibao", who: frozenset[str] = ME
) -> Any:
    chain = {UUID(int=place): state for place, state in enumerate(states, 1)}
    return status(programme, month, chain, dict.fromkeys(chain, who)).holds


def since(*states: DecisionState, month: str = "2026-12") -> Any:
    chain = {UUID(int=place): state for place, state in enumerate(states, 1)}
    return status("dibao", month, chain, dict.fromkeys(chain, ME)).since


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("granted", True),
        ("increased", True),
        ("reduced", True),
        ("refused", False),
        ("suspended", False),
        ("terminated", False),
        (None, None),
    ],
)
def test_what_was_decided_holds(outcome: str | None, expected: bool | None) -> None:
    assert holds(decided(decision(), outcome)) is expected


def test_nothing_is_known_of_nobody() -> None:
    assert status("dibao", "2026-12", {}, {}).model_dump() == {"programme": "dibao", "holds": None, "since": None}


def test_a_proposal_says_nothing() -> None:
    assert holds(DecisionState(decision(), b"")) is None


@pytest.mark.parametrize(("month", "expected"), [("2026-08", None), ("2026-09", True), ("2030-01", True)])
def test_it_begins_with_the_first_month_and_stands_until_something_else_is_decided(
    month: str, expected: bool | None
) -> None:
    assert holds(decided(decision(first="2026-09")), month=month) is expected


def test_the_last_word_counts_from_its_own_month() -> None:
    states = decided(decision(first="2026-09")), decided(decision("2026-10-20"), "terminated")
    assert holds(*states, month="2026-10") is True
    assert holds(*states, month="2026-11") is False


def test_it_holds_since_it_was_last_not_broken() -> None:
    on, off = decision(first="2026-02"), decision("2026-04-20")
    again, review = decision("2026-06-20", first="2026-07"), decision("2026-09-20", first="2026-10")
    assert since(decided(on), decided(off, "terminated"), decided(again), decided(review)) == "2026-07"
    assert since(decided(on), decided(off, "terminated"), month="2026-06") is None


def test_who_is_not_counted_is_not_on_it_as_far_as_is_known() -> None:
    assert holds(decided(decision()), who=frozenset({"p3"})) is None


def test_a_result_of_one_person_is_nobody_elses() -> None:
    one = decided(decision(programme="extreme_poverty_support", person="p2"))
    assert holds(one, programme="extreme_poverty_support", who=frozenset({"p2"})) is True
    assert holds(one, programme="extreme_poverty_support") is False  # asked for all, and it does not apply


def test_a_programme_that_does_not_apply_is_not_had() -> None:
    assert holds(decided(decision(results=False))) is False
    assert holds(decided(decision(results=False, asked=["dibao"]))) is False


def test_a_programme_that_was_not_asked_for_is_not_known_or_stays_as_it_was() -> None:
    other = decided(decision("2026-10-20", results=False, asked=["edge_family"]))
    assert holds(other) is None
    assert holds(decided(decision(first="2026-09")), other) is True


def test_what_is_left_undecided_stays_as_it_was() -> None:
    assert holds(decided(decision(first="2026-09")), decided(decision("2026-10-20"), None)) is True


def test_what_was_corrected_says_nothing() -> None:
    wrong = decided(decision(first="2026-09"), followers=[Follower(uuid4(), corrects=True, decided=True)])
    assert holds(wrong) is None
    open_ = decided(decision(first="2026-09"), followers=[Follower(uuid4(), corrects=True)])
    assert holds(open_) is True


def test_somebody_who_is_no_member_is_not_told_of() -> None:
    assert holds(decided(decision(results=False)), who=frozenset({"o1"})) is None
