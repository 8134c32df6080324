"""Turns stored decisions into answers: codes and values from the record, words from the stored rules."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from app.core.canonical_json import digest_text
from app.decisions.answer_schemas import (
    DecisionHead,
    DecisionPage,
    DecisionRow,
    FollowedBy,
    GrantedElsewhere,
    HistoryEntry,
    IdentityCommitment,
    IdentityNow,
    LogPlace,
    Proposed,
    RecordedAbout,
    TimelineDecision,
)
from app.decisions.deadlines import clocks
from app.decisions.granted_elsewhere import granted_elsewhere
from app.decisions.proofs.merkle import leaf_hash
from app.decisions.state import DecisionState, Follower, Key
from app.rules.facts.request import china_day
from app.rules.messages import Language
from app.rules.values.strict_json import Json
from app.security.callers import Caller

if TYPE_CHECKING:
    from app.decisions.log.batch import Written
    from app.decisions.repository import Stored
    from app.decisions.stored_rules.recompute import Recomputed
    from app.security.identities import Identified

Recorded = TypeVar("Recorded", bound=RecordedAbout)
_GRANTED_ELSEWHERE: Final[dict[Language, str]] = {
    "zh": "此人在另一家庭中正在享受救助",
    "en": "This person is granted support in another household",
}
_DETAILS = ("case", "household_ref", "accepted_on", "by", "corrects", "succeeds", "reason", "recorded_at")
_INTERNAL = frozenset({"format", "algorithms", "origin"})  # fields of a record that its answer leaves out


def log_place(stored: Stored | Written) -> LogPlace:
    """Names a record's place in the log, with the hash of its leaf."""
    return LogPlace(origin=stored.origin, index=stored.index, leaf=digest_text(leaf_hash(stored.digest)))


def warnings(caller: Caller, state: DecisionState, here: set[Key], at: dt.datetime, language: Language) -> Json:
    """Builds what an officer should know: who is supported in another household at an instant. Empty if nobody is."""
    found = [
        GrantedElsewhere(
            code="granted_elsewhere",
            title=_GRANTED_ELSEWHERE[language],
            person=one.person,
            decision=one.state.decision["id"] if caller.covers(one.state.decision["jurisdiction"]) else None,
        )
        for one in granted_elsewhere(state, here, at)
    ]
    return {"warnings": found} if found else {}


def proposed(written: Written, found: Recomputed, people: list[Identified], warned: Json) -> Proposed:
    """Builds the answer to a proposal. It is the same however often it is asked for: later erasures are not in it."""
    identities = [
        IdentityCommitment(**identity, ref=one.ref, sensitive=one.sensitive)
        for identity, one in _identities(written.record, people)
    ]
    return Proposed(
        **dict(_head(written.record, "proposed", found)),
        identities=identities,
        digest=digest_text(written.digest),
        log=log_place(written),
        **warned,
    )


def _identities(record: Json, people: list[Identified]) -> list[tuple[Json, Identified]]:
    """Pairs each commitment of a record with the identity that is kept beside it."""
    beside = {one.person: one for one in people}
    return [(identity, beside[identity["person"]]) for identity in record["identities"]]


def _head(record: Json, state: str, found: Recomputed | None) -> DecisionHead:
    accepted_on = dt.date.fromisoformat(record["accepted_on"]) if record["accepted_on"] else None
    return DecisionHead.model_validate(
        {
            "id": record["id"],
            "state": state,
            "kind": record["decision_kind"],
            **{name: record[name] for name in _DETAILS},
            "caller": record.get("caller"),  # records made before callers were known have none
            "assessment": found.answer if found else None,
            "clocks": clocks(record["results"]["results"], accepted_on),
        }
    )


def recorded(written: Written, model: type[Recorded], warned: Json | None = None) -> Recorded:
    """Builds the answer to a confirmation, a withdrawal or an event: the record itself and its place in the log."""
    shown = {name: value for name, value in written.record.items() if name not in _INTERNAL}
    proof = {"digest": digest_text(written.digest), "log": log_place(written)}
    return model.model_validate(shown | proof | (warned or {}))


def page(
    stored: list[Stored], state: DecisionState, found: Recomputed | None, people: list[Identified], warned: Json
) -> DecisionPage:
    """Builds the answer that shows a decision with its history. `found` is None if its rules cannot be run here any
    more: the answer then has no words."""
    own, record, superseder = stored[0], state.decision, state.superseded_by
    return DecisionPage(
        **dict(_head(record, state.name, found)),
        digest=digest_text(own.digest),
        log=log_place(own),
        facts=record["facts"],
        results=record["results"],
        provenance=record["provenance"],
        identities=[
            IdentityNow(**identity, ref=one.ref, sensitive=one.sensitive, erased_on=_erased_on(one))
            for identity, one in _identities(record, people)
        ],
        superseded_by=str(superseder) if superseder else None,
        followed_by=[_follower(one) for one in state.followers],
        outcomes=state.confirmation["outcomes"] if state.confirmation else None,
        history=[_entry(one) for one in stored],
        **warned,
    )


def _erased_on(one: Identified) -> str | None:
    return china_day(one.erased_at).isoformat() if one.erased_at else None


def _follower(follower: Follower) -> FollowedBy:
    return FollowedBy(
        decision=str(follower.id),
        how="correction" if follower.corrects else "succession",
        state="withdrawn" if follower.withdrawn else "decided" if follower.decided else "proposed",
    )


def _entry(stored: Stored) -> HistoryEntry:
    content = stored.content
    shown = {
        name: content[name]
        for name in ("state", "event", "on", "note", "reason")
        if name in content and stored.kind != "decision"
    }
    return HistoryEntry.model_validate(
        shown
        | {
            "kind": stored.kind,
            "id": str(stored.id),
            "recorded_at": content["recorded_at"],
            "by": content["by"],
            "caller": content.get("caller"),
            "digest": digest_text(stored.digest),
            "log": log_place(stored),
        }
    )


def row(id_: UUID, columns: Json, state: str) -> DecisionRow:
    """Builds a decision's line in a list from the columns it is found by."""
    return DecisionRow(id=str(id_), state=state, **columns)


def brief(id_: UUID, state: DecisionState) -> TimelineDecision:
    """Builds a decision's line in a timeline."""
    record = state.decision
    return TimelineDecision(id=str(id_), state=state.name, date=record["date"], kind=record["decision_kind"])
