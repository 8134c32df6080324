"""The documents that are kept for ever: what each kind of record says, as plain values with one canonical text.

A record holds codes and values. Texts for people are rendered from the stored rules when it is read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from app.core.canonical_json import canonical_plain, digest_of
from app.decisions.schemas import Confirmation, DecisionDetails, Event, Withdrawal
from app.rules.rulesets.ruleset import ENGINE_VERSION
from app.rules.service import Question
from app.rules.values.strict_json import Json

FORMAT: Final = "doudi/record/1"
RecordKind = Literal["decision", "confirmation", "withdrawal", "event", "publication", "approval", "rejection"]


@dataclass(frozen=True)
class Filing:
    """Where and when a record is filed: the same for every kind."""

    id: UUID
    decision: UUID
    jurisdiction: str
    origin: str
    at: dt.datetime
    caller: str

    def head(self, kind: RecordKind) -> Json:
        return {
            "format": FORMAT,
            "algorithms": {"digest": "sha256"},
            "kind": kind,
            "id": str(self.id),
            "decision": str(self.decision),
            "jurisdiction": self.jurisdiction,
            "origin": self.origin,
            "recorded_at": instant_text(self.at),
            "caller": self.caller,
        }


@dataclass(frozen=True)
class Following:
    """Which decision a new one corrects or succeeds, and why."""

    corrects: UUID | None = None
    succeeds: UUID | None = None
    reason: str | None = None


def instant_text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def instant_of(record: Json) -> dt.datetime | None:
    """Read when a record says that it was recorded; None for what says no instant."""
    try:
        return dt.datetime.fromisoformat(record["recorded_at"])
    except (LookupError, TypeError, ValueError):
        return None


def decision_record(
    filing: Filing,
    question: Question,
    facts: Json,
    ruleset: str,
    packs: Sequence[str],
    results: Json,
    details: DecisionDetails,
    commitments: list[Json],
    following: Following,
) -> Json:
    """A proposal: the facts with their provenance, the exact rules, what they come to, and why it was made."""
    return filing.head("decision") | {
        "division": question.division,
        "date": question.date.isoformat(),
        "known_at": question.known_at.isoformat(),
        "ruleset": ruleset,
        "packs": list(packs),
        "engine": ENGINE_VERSION,
        "decision_kind": details.kind,
        "case": details.case,
        "household_ref": details.household_ref,
        "accepted_on": details.accepted_on.isoformat() if details.accepted_on else None,
        "by": details.by,
        "corrects": str(following.corrects) if following.corrects else None,
        "succeeds": str(following.succeeds) if following.succeeds else None,
        "reason": following.reason,
        "facts": facts,
        "provenance": provenance_of(details),
        "identities": commitments,
        "results": results,
    }


def provenance_of(details: DecisionDetails) -> Json:
    return {
        pointer: {name: _text(value) for name, value in source.model_dump().items() if value is not None}
        for pointer, source in (details.provenance or {}).items()
    }


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def confirmation_record(filing: Filing, state: str, body: Confirmation, decided: list[Json], digest: bytes) -> Json:
    """What an officer decided on a proposal, named by its digest; every result is in it."""
    return filing.head("confirmation") | {
        "state": state,
        "by": body.by,
        "decision_digest": f"sha256:{digest.hex()}",
        "outcomes": decided,
    }


def withdrawal_record(filing: Filing, body: Withdrawal) -> Json:
    return filing.head("withdrawal") | {"by": body.by, "reason": body.reason}


def event_record(filing: Filing, body: Event) -> Json:
    return filing.head("event") | {
        "event": body.kind,
        "on": body.on.isoformat(),
        "note": body.note,
        "by": body.by,
    }


def with_results(record: Json, ruleset: str, engine: str, results: Json) -> bytes:
    """A decision's text if it had come to these results under these rules; its own where nothing differs."""
    return canonical_plain(record | {"ruleset": ruleset, "engine": engine, "results": results})


def body_and_digest(record: Json) -> tuple[bytes, bytes]:
    """A record's canonical text and the digest of it."""
    body = canonical_plain(record)
    return body, digest_of(body)
