"""Four eyes: where whoever proposed may not decide alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from app.decisions.outcomes import Settled
from app.decisions.stored_rules.recompute import question_of
from app.rules.request_faults import FaultyRequest
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.security.permissions import Forbidden


def must_be_another(caller: Caller, decision: Json, settled: Settled, rules: Rules, now: dt.datetime) -> None:
    """Raise Forbidden where the proposer decides otherwise than the rules recommend, or what the rules leave open, or by a
    figure of his own that is doubtful."""
    if not caller.may_be(decision.get("caller")):
        return
    if settled.state == "departed" or settled.decides_open or _supplies_doubtful(decision, rules, now):
        raise Forbidden("second_person_needed")


def _supplies_doubtful(decision: Json, rules: Rules, now: dt.datetime) -> bool:
    """Tell if a figure that was supplied stands in place of another published one, or is unlikely, by what is known now. A
    decision that the rules of now no longer take is looked at by another person, too."""
    if not (decision["facts"]["options"] or {}).get("parameters"):
        return False
    try:
        return bool(rules.figure_doubts(replace(question_of(rules, decision), known_at=now)))
    except FaultyRequest:
        return True
