"""Turns stored verifications into answers."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from app.decisions.records import instant_text
from app.decisions.replay.differences import money
from app.verification.case_file import CaseFile
from app.verification.exchange.protocol import Item
from app.verification.findings.effects import Assess, Effect
from app.verification.findings.settle import Resolution, last_resolutions, settled
from app.verification.findings.times import standing
from app.verification.ranking import RankedFinding, ranked_in
from app.verification.registers.validity import GAP, months_of
from app.verification.schemas import (
    ExpectedEffect,
    FoundPeriod,
    RegisterAsked,
    RegisterEntry,
    RegisterFinding,
    Resolved,
    VerificationAnswer,
    VerificationBegun,
    VerifiedPerson,
)
from app.verification.status import RegisterStatus, statuses


def begun(file: CaseFile, today: dt.date) -> VerificationBegun:
    """The answer that says where a verification stands."""
    case = file.case
    states = list(statuses(file, today))
    return VerificationBegun(
        id=str(case.id),
        jurisdiction=case.jurisdiction,
        decision=str(case.decision) if case.decision else None,
        purpose=case.purpose,
        created_at=instant_text(case.created_at),
        created_by=case.created_by,
        refresh_reason=case.refresh_reason,
        persons=[
            VerifiedPerson(person=person, ref=ref, erased=erased) for person, (ref, erased) in file.persons.items()
        ],
        queries=[_query(one) for one in states],
        waiting=dict(sorted(Counter[str](one.state for one in states).items())),
        gaps=[GAP] if months_of(case.jurisdiction, today) is None else [],
    )


def whole(file: CaseFile, assess: Assess, today: dt.date) -> VerificationAnswer:
    """The answer with findings, the most important first, and the household as it is settled so far."""
    resolutions = last_resolutions(file.resolutions)
    before = standing(file.case.body["provenance"], months_of(file.case.jurisdiction, today), today)
    household, provenance = settled(file.case.household, before, file.findings(today), file.resolutions)
    return VerificationAnswer(
        **dict(begun(file, today)),
        findings=[_finding(one, resolutions.get(one.finding.n)) for one in ranked_in(file, assess, today)],
        settled=file.case.body | {"household": household, "provenance": provenance},
    )


def expected_effects(effects: list[Effect] | None) -> list[ExpectedEffect] | None:
    """Every effect as it is answered, amounts as text with their sign; None where they cannot be computed."""
    return None if effects is None else [_effect(effect) for effect in effects]


def _effect(effect: Effect) -> ExpectedEffect:
    return ExpectedEffect(
        programme=effect.programme,
        person=effect.person,
        status_now=effect.status_now,
        status=effect.status,
        amount_delta=money(effect.fen),
    )


def _query(one: RegisterStatus) -> RegisterAsked:
    return RegisterAsked(
        person=one.asked.person,
        source=one.asked.source,
        pointers=list(one.asked.pointers),
        state=one.state,
        problem=one.problem,
        attempts=one.attempts,
        valid_until=one.valid_until.isoformat() if one.valid_until else None,
        reused_from=one.reused_from,
    )


def _finding(one: RankedFinding, resolution: Resolution | None) -> RegisterFinding:
    finding, effects = one.finding, expected_effects(one.effects)
    period = finding.period
    return RegisterFinding(
        n=finding.n,
        person=finding.person,
        pointer=finding.pointer,
        source=finding.source,
        fact=finding.fact,
        declared=finding.declared,
        found=finding.found,
        period=FoundPeriod(first=period.first, last=period.last) if period else None,
        as_of=finding.as_of.isoformat(),
        received_on=finding.received_on.isoformat(),
        match=finding.match,
        kind=finding.kind,
        expired=finding.expired,
        entries=[_entry(item) for item in finding.entries],
        would_be=finding.change.values if finding.change and finding.change.values else None,
        effect=effects[0] if effects else None,
        effects=effects,
        state="resolved" if one.resolved else "open",
        resolution=_resolution(resolution) if resolution else None,
    )


def _entry(item: Item) -> RegisterEntry:
    said, period = item.plain(), item.period
    return RegisterEntry(
        found=said["value"], period=FoundPeriod(first=period.first, last=period.last) if period else None
    )


def _resolution(one: Resolution) -> Resolved:
    return Resolved(
        action=one.action,
        values=one.values,
        reason=one.reason,
        evidence=one.evidence,
        by=one.by,
        at=instant_text(one.at),
    )
