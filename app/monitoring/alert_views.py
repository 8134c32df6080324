"""Builds alerts from what was reported, what registers found, and what the engine says it would change."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast
from uuid import UUID

from app.decisions.records import instant_text
from app.decisions.replay.differences import money
from app.decisions.state import DecisionState
from app.monitoring.repository import AlertRow, ResolutionRow
from app.monitoring.schemas import Alert, AlertFinding, AlertResolution, GrantChangedSince
from app.monitoring.since import ChangedSince, totals
from app.monitoring.standing_decisions import head
from app.monitoring.words import Words
from app.rules.facts.household import Programme
from app.verification.case_file import CaseFile
from app.verification.findings.effects import Effect
from app.verification.ranking import RankedFinding


def of_event(
    row: AlertRow,
    state: DecisionState,
    verification: UUID | None,
    effects: list[Effect] | None,
    since: list[ChangedSince] | None,
    resolution: ResolutionRow | None,
    words: Words,
) -> Alert:
    """The alert of an event that was reported, with the re-check that was begun for it."""
    return Alert(
        **_about(state, row.reported_at, effects, since, resolution, words),
        **_reported(row, words),
        verification=str(verification) if verification else None,
        value=row.value,
    )


def of_grant_elsewhere(
    row: AlertRow, state: DecisionState, other: str | None, resolution: ResolutionRow | None, words: Words
) -> Alert:
    """The alert of a person who is supported in another household, by the decision `other` if it may be named."""
    return Alert(
        **_about(state, row.reported_at, [], [], resolution, words),
        **_reported(row, words),
        verification=None,
        value=None,
        **({"other_decision": other} if other else {}),
    )


def _reported(row: AlertRow, words: Words) -> dict[str, Any]:
    """The fields that an event has however it came about."""
    return {
        "id": str(row.id),
        "source": "event",
        "person": row.person,
        "kind": row.kind,
        "event": row.kind,
        "event_title": words.event(row.kind),
        "on": row.day.isoformat(),
        "evidence": row.evidence,
        "reported_by": row.reported_by,
        "findings": [],
    }


def of_verification(
    found: CaseFile, state: DecisionState, matter: list[RankedFinding], since: list[ChangedSince] | None, words: Words
) -> Alert:
    """The alert of a re-check, with those of its findings that matter, the first before all."""
    last = max((one.received_at for one in found.reports), default=found.case.created_at)
    return Alert(
        **_about(state, last, matter[0].effects, since, None, words),
        id=str(found.case.id),
        source="verification",
        verification=str(found.case.id),
        person=matter[0].finding.person,
        kind=None,
        event=None,
        event_title=None,
        on=None,
        value=None,
        evidence=None,
        reported_by=found.case.created_by,
        findings=[_finding(one, words) for one in matter],
    )


def _about(
    state: DecisionState,
    at: dt.datetime,
    effects: list[Effect] | None,
    since: list[ChangedSince] | None,
    resolution: ResolutionRow | None,
    words: Words,
) -> dict[str, Any]:
    """The fields that every alert has. It is open until a later decision took the place of the one it is about, or a
    person dealt with it."""
    followed, every = state.superseded_by, words.effects(effects)
    overpaid, owed = totals(since)
    return head(state) | {
        "at": instant_text(at),
        "state": "resolved" if resolution else "followed" if followed else "open",
        "followed_by": str(followed) if followed else None,
        "resolution": resolution and _resolution(resolution),
        "effect": every[0] if every else None,
        "effects": every,
        "since": None if since is None else [_since(one, words) for one in since],
        "months_overpaid": money(overpaid),
        "months_owed": money(owed),
    }


def _since(one: ChangedSince, words: Words) -> GrantChangedSince:
    return GrantChangedSince(
        programme=cast("Programme", one.programme),
        title=words.programme(one.programme),
        person=one.person,
        months=list(one.months),
        per_month=money(one.fen),
        total=money(one.total),
    )


def _resolution(row: ResolutionRow) -> AlertResolution:
    return AlertResolution(reason=row.reason, by=row.by, at=instant_text(row.at))


def _finding(one: RankedFinding, words: Words) -> AlertFinding:
    finding = one.finding
    return AlertFinding(
        n=finding.n,
        person=finding.person,
        pointer=finding.pointer,
        source=finding.source,
        source_title=words.register(finding.source),
        fact=finding.fact,
        fact_title=words.fact(finding.fact) if finding.fact else None,
        match=finding.match,
        kind=finding.kind,
        effects=words.effects(one.effects),
    )
