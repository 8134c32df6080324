"""Where a decision stands follows from its records and followers alone, and says what may still be done with it."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from app.core.errors import Conflict
from app.decisions.state import DecisionState, Follower
from app.rules.values.strict_json import Json
from tests.support.decisions.states import confirmation, decision, id_of, result, state_of

WITHDRAWAL: Json = {"kind": "withdrawal"}
HEARING: Json = {"kind": "event", "event": "hearing", "on": "2026-08-20"}
MADE = decision(result("eligible", "100.00"))

CORRECTION, SUCCESSION = Follower(id_of(1), corrects=True), Follower(id_of(2), corrects=False)
DECIDED_CORRECTION = Follower(id_of(3), corrects=True, decided=True)
DECIDED_SUCCESSION = Follower(id_of(4), corrects=False, decided=True)
WITHDRAWN_CORRECTION = Follower(id_of(5), corrects=True, withdrawn=True)


def made(*records: Json, followers: tuple[Follower, ...] = ()) -> DecisionState:
    return state_of(MADE, *records, followers=followers)


STATES: dict[str, tuple[DecisionState, str]] = {
    "nothing recorded since": (made(), "proposed"),
    "only events recorded": (made(HEARING), "proposed"),
    "decided as recommended": (made(confirmation()), "confirmed"),
    "decided otherwise": (made(HEARING, confirmation(state="departed")), "departed"),
    "withdrawn": (made(WITHDRAWAL), "withdrawn"),
    "a proposal with a correction": (made(followers=(CORRECTION,)), "superseded"),
    "a proposal with a correction that was withdrawn": (made(followers=(WITHDRAWN_CORRECTION,)), "proposed"),
    "a proposal with a decided correction": (made(followers=(DECIDED_CORRECTION,)), "superseded"),
    "decided, with a correction that is not": (made(confirmation(), followers=(CORRECTION,)), "confirmed"),
    "decided, with a decided correction": (made(confirmation(), followers=(DECIDED_CORRECTION,)), "superseded"),
    "decided, with a succession that is not": (made(confirmation(), followers=(SUCCESSION,)), "confirmed"),
    "decided, with a decided succession": (made(confirmation(), followers=(DECIDED_SUCCESSION,)), "superseded"),
    "decided, corrected after one withdrawn": (
        made(confirmation(), followers=(WITHDRAWN_CORRECTION, DECIDED_CORRECTION)),
        "superseded",
    ),
}


@pytest.mark.parametrize(("state", "name"), STATES.values(), ids=STATES)
def test_the_state_follows_from_what_is_recorded(state: DecisionState, name: str) -> None:
    assert state.name == name


def test_what_took_its_place_is_the_decided_one() -> None:
    state = made(confirmation(), followers=(WITHDRAWN_CORRECTION, DECIDED_SUCCESSION))
    assert state.superseded_by == DECIDED_SUCCESSION.id


OPEN = {
    "nothing recorded since": (made(), None),
    "a correction that was withdrawn": (made(followers=(WITHDRAWN_CORRECTION,)), None),
    "decided": (made(confirmation()), "already_decided"),
    "withdrawn": (made(WITHDRAWAL), "already_withdrawn"),
    "corrected": (made(followers=(CORRECTION,)), "already_corrected"),
}


@pytest.mark.parametrize(("state", "code"), OPEN.values(), ids=OPEN)
def test_only_a_standing_proposal_can_be_decided_or_withdrawn(state: DecisionState, code: str | None) -> None:
    if code is None:
        state.must_be_open()
        return
    with pytest.raises(Conflict) as refused:
        state.must_be_open()
    assert refused.value.code == code


FOLLOW: dict[str, tuple[DecisionState, str | None, str | None]] = {  # conflict of a correction, of a succession
    "nothing recorded since": (made(), None, "not_decided"),
    "decided": (made(confirmation()), None, None),
    "withdrawn": (made(WITHDRAWAL), "already_withdrawn", "already_withdrawn"),
    "a correction": (made(followers=(CORRECTION,)), "already_corrected", "not_decided"),
    "decided, a correction": (made(confirmation(), followers=(CORRECTION,)), "already_corrected", "already_corrected"),
    "decided, a succession": (made(confirmation(), followers=(SUCCESSION,)), "already_succeeded", "already_succeeded"),
    "decided, a withdrawn correction": (made(confirmation(), followers=(WITHDRAWN_CORRECTION,)), None, None),
}


@pytest.mark.parametrize(
    ("state", "code", "corrects"),
    [(state, (no, other)[not corrects], corrects) for (state, no, other), corrects in product(FOLLOW.values(), (1, 0))],
    ids=[f"{name}, {'correction' if corrects else 'succession'}" for name, corrects in product(FOLLOW, (1, 0))],
)
def test_one_decision_follows_another_and_only_a_decided_one_is_succeeded(
    state: DecisionState, code: str | None, corrects: int
) -> None:
    if code is None:
        state.must_be_followable(corrects=bool(corrects))
        return
    with pytest.raises(Conflict) as refused:
        state.must_be_followable(corrects=bool(corrects))
    assert refused.value.code == code


def test_an_event_is_on_record_once_it_happened() -> None:
    day = dt.date.fromisoformat(HEARING["on"])
    assert made(HEARING).has_event("hearing", day)
    assert not made(HEARING).has_event("hearing", day + dt.timedelta(days=1))
    assert not made(HEARING).has_event("visit", day)
    assert not made(confirmation()).has_event("hearing", day)
