"""Builds alerts from what was reported, what registers found, and what the engine says it would change."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from app.decisions.records import instant_text
from app.decisions.state import DecisionState
from app.monitoring.repository import AlertRow, ResolutionRow
from app.monitoring.schemas import Alert, AlertFinding, AlertResolution
from app.monitoring.standing_decisions import head
from app.verification.case_file import CaseFile
from app.verification.findings.effects import Effect
from app.verification.ranking import RankedFinding
from app.verification.views import expected_effects


def of_event(
    row: AlertRow,
    state: DecisionState,
    verification: UUID | None,
    effects: list[Effect] | None,
    resolution: ResolutionRow | None,
) -> Alert:
    """The alert of an event that was reported, with the re-check that was begun for it."""
    return Alert(
        **_about(state, row.reported_at, effects, resolution),
        id=str(row.id),
        source="event",
        verification=str(verification) if verification else None,
        person=row.person,
        event=row.kind,
        on=row.day.isoformat(),
        value=row.value,
        evidence=row.evidence,
        reported_by=row.reported_by,
        findings=[],
    )


def of_verification(found: CaseFile, state: DecisionState, matter: list[RankedFinding]) -> Alert:
    """The alert of a re-check, with those of its findings that matter, the first before all."""
    last = max((one.received_at for one in found.reports), default=found.case.created_at)
    return Alert(
        **_about(state, last, matter[0].effects, None),
        id=str(found.case.id),
        source="verification",
        verification=str(found.case.id),
        person=matter[0].finding.person,
        event=None,
        on=None,
        value=None,
        evidence=None,
        reported_by=found.case.created_by,
        findings=[_finding(one) for one in matter],
    )


def _about(
    state: DecisionState, at: dt.datetime, effects: list[Effect] | None, resolution: ResolutionRow | None
) -> dict[str, Any]:
    """The fields that every alert has. It is open until a later decision took the place of the one it is about, or a
    person dealt with it."""
    followed, expected = state.superseded_by, expected_effects(effects)
    return head(state) | {
        "at": instant_text(at),
        "state": "resolved" if resolution else "followed" if followed else "open",
        "followed_by": str(followed) if followed else None,
        "resolution": resolution and _resolution(resolution),
        "effect": expected[0] if expected else None,
        "effects": expected,
    }


def _resolution(row: ResolutionRow) -> AlertResolution:
    return AlertResolution(reason=row.reason, by=row.by, at=instant_text(row.at))


def _finding(one: RankedFinding) -> AlertFinding:
    finding = one.finding
    return AlertFinding(
        n=finding.n,
        person=finding.person,
        pointer=finding.pointer,
        source=finding.source,
        fact=finding.fact,
        match=finding.match,
        kind=finding.kind,
        effects=expected_effects(one.effects),
    )
