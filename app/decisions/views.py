"""Decisions as the API answers them: codes and values from the record, words from the stored rules."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from app.core.canonical_json import digest_text
from app.decisions.deadlines import clocks
from app.decisions.log.batch import Written
from app.decisions.proofs.merkle import leaf_hash
from app.decisions.repository import Stored
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import Recomputed
from app.rules.facts.request import china_day
from app.rules.values.strict_json import Json
from app.security.identities import Identified

_DETAILS = ("case", "household_ref", "accepted_on", "by", "corrects", "succeeds", "reason", "recorded_at")


def log_place(origin: str, index: int, digest: bytes) -> Json:
    """Where a record stands in the log."""
    return {"origin": origin, "index": index, "leaf": digest_text(leaf_hash(digest))}


def proposed(written: Written, found: Recomputed, people: list[Identified]) -> Json:
    """The answer to a proposal, the same however often it is asked for: that somebody was erased since is not in it."""
    shown = [
        {name: value for name, value in one.items() if name != "erased_on"} for one in _people(written.record, people)
    ]
    return _decision(written.record, "proposed", found) | {"identities": shown} | _proof(written)


def _people(record: Json, people: list[Identified]) -> list[Json]:
    """Who is identified, by the commitments of the record and by what is kept beside it."""
    beside = {one.person: one for one in people}
    return [one | _beside(beside[one["person"]]) for one in record["identities"]]


def _beside(one: Identified) -> Json:
    erased_on = china_day(one.erased_at).isoformat() if one.erased_at else None
    return {"ref": one.ref, "sensitive": one.sensitive, "erased_on": erased_on}


def _decision(record: Json, state: str, found: Recomputed | None) -> Json:
    accepted_on = dt.date.fromisoformat(record["accepted_on"]) if record["accepted_on"] else None
    return {
        "id": record["id"],
        "state": state,
        "kind": record["decision_kind"],
        **{name: record[name] for name in _DETAILS},
        "caller": record.get("caller"),  # records made before callers were known have none
        "assessment": found.answer if found else None,
        "clocks": clocks(record["results"]["results"], accepted_on),
    }


def _proof(written: Written) -> Json:
    return {
        "digest": digest_text(written.digest),
        "log": log_place(written.origin, written.index, written.digest),
    }


def recorded_about(written: Written) -> Json:
    """The answer to a confirmation, a withdrawal or an event: the record itself and its place in the log."""
    record = written.record
    shown = {name: value for name, value in record.items() if name not in ("format", "algorithms", "origin")}
    return shown | _proof(written)


def whole(stored: list[Stored], state: DecisionState, found: Recomputed | None, people: list[Identified]) -> Json:
    """A decision with its history. Without `found`, if its rules cannot be run here any more, there are no words."""
    own = stored[0]
    record = state.decision
    superseder = state.superseded_by
    return _decision(record, state.name, found) | {
        "digest": digest_text(own.digest),
        "log": log_place(own.origin, own.index, own.digest),
        "facts": record["facts"],
        "results": record["results"],
        "provenance": record["provenance"],
        "identities": _people(record, people),
        "superseded_by": str(superseder) if superseder else None,
        "followed_by": [
            {
                "decision": str(follower.id),
                "how": "correction" if follower.corrects else "succession",
                "state": "withdrawn" if follower.withdrawn else "decided" if follower.decided else "proposed",
            }
            for follower in state.followers
        ],
        "outcomes": state.confirmation["outcomes"] if state.confirmation else None,
        "history": [_entry(one) for one in stored],
    }


def _entry(stored: Stored) -> Json:
    content = stored.content
    shown: Json = {
        "kind": stored.kind,
        "id": str(stored.id),
        "recorded_at": content["recorded_at"],
        "by": content["by"],
        "caller": content.get("caller"),
        "digest": digest_text(stored.digest),
        "log": log_place(stored.origin, stored.index, stored.digest),
    }
    for name in ("state", "event", "on", "note", "reason"):
        if name in content and stored.kind != "decision":
            shown[name] = content[name]
    return shown


def row(id_: UUID, columns: Json, state: str) -> Json:
    """A decision in a list."""
    return {"id": str(id_), "state": state} | columns


def brief(id_: UUID, state: DecisionState) -> Json:
    """A decision in few words."""
    record = state.decision
    return {"id": str(id_), "state": state.name, "date": record["date"], "kind": record["decision_kind"]}
