"""Four eyes: where whoever proposed may not decide alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from app.decisions.outcomes import Settled
from app.decisions.stored_rules.recompute import question_of
from app.rules.engine.figures import overridden
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.security.permissions import Forbidden


def must_be_another(caller: Caller, decision: Json, settled: Settled, rules: Rules, now: dt.datetime) -> None:
    """Raise Forbidden where the proposer decides otherwise than the rules recommend, or what the rules leave open, or by a
    figure of his own in place of a published one."""
    if not caller.may_be(decision.get("caller")):
        return
    if settled.state == "departed" or settled.decides_open or _replaces_published(decision, rules, now):
        raise Forbidden("second_person_needed")


def _replaces_published(decision: Json, rules: Rules, now: dt.datetime) -> bool:
    """Tell if a figure that was supplied stands in place of another that is published for the place and the day, by what
    is known now. A decision that the rules of now no longer take is looked at by another person, too."""
    if not (decision["facts"]["options"] or {}).get("parameters"):
        return False
    try:
        question = replace(question_of(rules, decision), known_at=now)
        published = rules.engine(replace(question, supplied={})).ruleset
    except FaultyRequest:
        return True
    return bool(overridden(published, rules.library, question.supplied))
