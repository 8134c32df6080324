"""Estimates of the engine for decided households: on another day, or as an event or a finding would change them."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from typing import Any, Final

from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import request_of
from app.monitoring.events import Happened, found_as, household_after
from app.monitoring.repository import AlertRow
from app.rules.engine.evaluate import RuleFailure
from app.rules.facts.request import china_day
from app.rules.history import RulesHistory
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.verification.case_file import CaseFile
from app.verification.findings.compare import Finding
from app.verification.findings.effects import Assess, Effect, assessing, between
from app.verification.ranking import RankedFinding, ranked_in, settled_household
from app.verification.registers.sources import shipped

log: Final = logging.getLogger("doudi.monitoring")


def assessing_on(generations: RulesHistory, record: Json, day: dt.date, now: dt.datetime, **changes: Any) -> Assess:
    """Assesses households as a decision did, but on another day and by what is known now."""
    body = request_of(record) | {"date": day.isoformat(), "known_at": None} | changes
    return assessing(generations.asked(body, now), body, now)


def since_decided(state: DecisionState, assess: Assess) -> list[Effect] | None:
    """Compares what the same facts come to now with what was recorded. None where the rules of now do not take them."""
    now = assessed(state.decision["facts"]["household"], assess)
    return None if now is None else between(state.decision["results"], now)


def if_so(household: Json, then: Json | None, assess: Assess) -> list[Effect] | None:
    """Compares the results of a household with those of a changed one. None where facts cannot say the change."""
    now, so = (None if one is None else assessed(one, assess) for one in (household, then))
    return None if now is None or so is None else between(now, so)


def assessed(household: Json, assess: Assess) -> Json | None:
    """Assesses a household; None where the rules of now do not take it. Nobody is entitled to anything where nobody is
    left. One that cannot be computed keeps back no list: that a rule failed is said to whoever runs the service."""
    if not household["members"]:
        return {"results": []}
    try:
        return assess(household)
    except FaultyRequest:
        return None
    except RuleFailure as error:
        log.error("%s", error)
        return None


def effects_of_event(
    generations: RulesHistory, row: AlertRow, state: DecisionState, now: dt.datetime
) -> list[Effect] | None:
    """Computes what a reported event would change today. None where facts cannot say it."""
    household = state.decision["facts"]["household"]
    then = household_after(household, happened(row))
    return if_so(household, then, assessing_on(generations, state.decision, china_day(now), now))


def happened(row: AlertRow) -> Happened:
    """The event of an alert."""
    return Happened(row.kind, row.person, row.day, row.value, **(row.details or {}))


def found_event(finding: Finding) -> Happened | None:
    """The event that a register's finding is, on the day the register gives or speaks of; None for what facts say."""
    kind = found_as(finding.fact)
    if kind is None:
        return None
    is_day = finding.fact is not None and shipped().facts[finding.fact].type == "date"
    return Happened(kind, finding.person, dt.date.fromisoformat(finding.found) if is_day else finding.as_of)


def findings_that_matter(generations: RulesHistory, found: CaseFile, now: dt.datetime) -> list[RankedFinding]:
    """The open findings of a verification that would change something today, the most important first; one that is an
    event, with what the event would change. What was taken over from another verification is resolved there."""
    asked = {name: value for name, value in found.case.body.items() if name != "provenance"}
    asked |= {"date": china_day(now).isoformat()}
    assess = assessing(generations.asked(asked, now), asked, now)
    household = settled_household(found)
    ranked = [_as_event(one, household, assess) for one in ranked_in(found, assess, china_day(now))]
    return [one for one in ranked if one.matters and (one.finding.person, one.finding.source) not in found.reused]


def _as_event(one: RankedFinding, household: Json, assess: Assess) -> RankedFinding:
    event = found_event(one.finding)
    return one if event is None else replace(one, effects=if_so(household, household_after(household, event), assess))
