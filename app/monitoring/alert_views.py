"""Alerts as they are answered."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from app.decisions.records import instant_text
from app.decisions.state import DecisionState
from app.monitoring.repository import AlertRow, ResolutionRow
from app.monitoring.standing_decisions import head
from app.rules.values.strict_json import Json
from app.verification.case_file import Opened
from app.verification.findings.effects import Effect, shown_all
from app.verification.ranking import Weighed


def event(
    row: AlertRow,
    state: DecisionState,
    verification: UUID | None,
    effects: list[Effect] | None,
    resolution: ResolutionRow | None,
) -> Json:
    """An event that was reported, and the re-check that was begun for it."""
    return _alert(str(row.id), "event", state, row.reported_at, effects, resolution) | {
        "verification": str(verification) if verification else None,
        "person": row.person,
        "event": row.kind,
        "on": row.day.isoformat(),
        "value": row.value,
        "evidence": row.evidence,
        "reported_by": row.reported_by,
        "findings": [],
    }


def verified(found: Opened, state: DecisionState, matter: list[Weighed]) -> Json:
    """A re-check and those of its findings that matter, the first before all."""
    id_ = str(found.case.id)
    last = max((one.received_at for one in found.reports), default=found.case.created_at)
    return _alert(id_, "verification", state, last, matter[0].effects, None) | {
        "verification": id_,
        "person": matter[0].finding.person,
        "event": None,
        "on": None,
        "value": None,
        "evidence": None,
        "reported_by": found.case.created_by,
        "findings": [_finding(one) for one in matter],
    }


def _alert(
    id_: str,
    source: str,
    state: DecisionState,
    at: dt.datetime,
    effects: list[Effect] | None,
    resolution: ResolutionRow | None,
) -> Json:
    """What every alert says; open until a later decision took the place of the one it is about, or a person dealt with
    it."""
    followed = state.superseded_by
    return head(state) | {
        "id": id_,
        "source": source,
        "at": instant_text(at),
        "state": "resolved" if resolution else "followed" if followed else "open",
        "followed_by": str(followed) if followed else None,
        "resolution": None
        if resolution is None
        else {"reason": resolution.reason, "by": resolution.by, "at": instant_text(resolution.at)},
        **shown_all(effects),
    }


def _finding(one: Weighed) -> Json:
    finding = one.finding
    return {
        "n": finding.n,
        "person": finding.person,
        "pointer": finding.pointer,
        "source": finding.source,
        "fact": finding.fact,
        "match": finding.match,
        "kind": finding.kind,
        "effects": shown_all(one.effects)["effects"],
    }
