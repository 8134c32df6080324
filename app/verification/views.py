"""A verification as it is answered: where each question stands, what was found and would change, what is settled."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from app.decisions.records import instant_text
from app.rules.values.strict_json import Json
from app.verification.case_file import Opened
from app.verification.findings.compare import Finding
from app.verification.findings.effects import Assess, shown_all
from app.verification.findings.settle import Resolution, settled
from app.verification.findings.settle import standing as standing_resolutions
from app.verification.ranking import Weighed, weighed_in
from app.verification.registers.validity import GAP, months_of
from app.verification.status import Standing, standing


def begun(opened: Opened, today: dt.date) -> Json:
    """The answer to what begins or goes on with a verification."""
    case = opened.case
    states = list(standing(opened, today))
    return {
        "id": str(case.id),
        "jurisdiction": case.jurisdiction,
        "decision": str(case.decision) if case.decision else None,
        "purpose": case.purpose,
        "created_at": instant_text(case.created_at),
        "created_by": case.created_by,
        "persons": [
            {"person": person, "ref": ref, "erased": erased} for person, (ref, erased) in opened.persons.items()
        ],
        "queries": [_query(one) for one in states],
        "waiting": dict(sorted(Counter(one.state for one in states).items())),
        "gaps": [GAP] if months_of(case.jurisdiction, today) is None else [],
    }


def whole(opened: Opened, assess: Assess, today: dt.date) -> Json:
    """The same with findings, those that matter first, and the household as it is settled so far."""
    resolutions = standing_resolutions(opened.resolutions)
    household, provenance = settled(
        opened.case.household, opened.case.body["provenance"], opened.findings(), opened.resolutions
    )
    return begun(opened, today) | {
        "findings": [_finding(one, resolutions.get(one.finding.n)) for one in weighed_in(opened, assess)],
        "settled": opened.case.body | {"household": household, "provenance": provenance},
    }


def _query(one: Standing) -> Json:
    return {
        "person": one.asked.person,
        "source": one.asked.source,
        "pointers": list(one.asked.pointers),
        "state": one.state,
        "problem": one.problem,
        "attempts": one.attempts,
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "reused_from": one.reused_from,
    }


def _finding(one: Weighed, resolution: Resolution | None) -> Json:
    finding = one.finding
    return {
        "n": finding.n,
        "person": finding.person,
        "pointer": finding.pointer,
        "source": finding.source,
        "fact": finding.fact,
        "declared": finding.declared,
        "found": finding.found,
        "period": {"first": finding.period.first, "last": finding.period.last} if finding.period else None,
        "as_of": finding.as_of.isoformat(),
        "received_on": finding.received_on.isoformat(),
        "match": finding.match,
        "kind": finding.kind,
        "would_be": _would_be(finding),
        **shown_all(one.effects),
        "state": "resolved" if one.resolved else "open",
        "resolution": None if resolution is None else _resolution(resolution),
    }


def _would_be(finding: Finding) -> Json | None:
    return finding.change.values if finding.change and finding.change.values else None


def _resolution(one: Resolution) -> Json:
    return {
        "action": one.action,
        "values": one.values,
        "reason": one.reason,
        "evidence": one.evidence,
        "by": one.by,
        "at": instant_text(one.at),
    }
