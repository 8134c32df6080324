"""What a decided household comes to on another day, by what is known now: computed by the engine, decided by nobody."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, Final

from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import request_of
from app.rules.engine.evaluate import RuleFailure
from app.rules.history import RulesHistory
from app.rules.request_faults import FaultyRequest
from app.rules.values.strict_json import Json
from app.verification.findings.effects import Assess, Effect, assessing, between

log: Final = logging.getLogger("doudi.monitoring")


def assessing_on(generations: RulesHistory, record: Json, day: dt.date, now: dt.datetime, **changes: Any) -> Assess:
    """Assesses households as a decision did, but on another day and by what is known now."""
    body = request_of(record) | {"date": day.isoformat(), "known_at": None} | changes
    return assessing(generations.asked(body, now), body, now)


def since_decided(state: DecisionState, assess: Assess) -> list[Effect] | None:
    """What the same facts come to now, beside what was recorded. None where the rules of now do not take them."""
    now = assessed(state.decision["facts"]["household"], assess)
    return None if now is None else between(state.decision["results"], now)


def if_so(household: Json, then: Json | None, assess: Assess) -> list[Effect] | None:
    """What a change of the household would make of its results. None where it cannot be said in facts."""
    now, so = (None if one is None else assessed(one, assess) for one in (household, then))
    return None if now is None or so is None else between(now, so)


def assessed(household: Json, assess: Assess) -> Json | None:
    """What a household comes to; None where the rules of now do not take it. One that cannot be computed keeps back no
    list: that a rule failed is said to whoever runs the service."""
    try:
        return assess(household)
    except FaultyRequest:
        return None
    except RuleFailure as error:
        log.error("%s", error)
        return None
