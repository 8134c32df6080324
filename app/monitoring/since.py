"""What an event has made since, in months and money: the household assessed before and after, on the day it changed.

A difference is not a debt: what follows from it is for a person to decide.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.core.months import after, month_text, this_month
from app.decisions.grants import Grant, grants
from app.decisions.replay.affected_months import AffectedMonths, PeriodInForce
from app.decisions.replay.differences import Difference, differences
from app.decisions.state import DecisionState
from app.decisions.stored_rules.recompute import request_of
from app.monitoring.estimate import assessed
from app.monitoring.events import Happened, household_after
from app.rules.history import RulesHistory
from app.verification.findings.effects import assessing


@dataclass(frozen=True)
class ChangedSince:
    """A grant that the event changes: in which months since, and by how many fen a month; None where that is not settled."""

    programme: str
    person: str | None
    months: tuple[str, ...]
    fen: int | None

    @property
    def total(self) -> int | None:
        return None if self.fen is None else self.fen * len(self.months)


def changed_since(
    generations: RulesHistory, event: Happened | None, state: DecisionState, now: dt.datetime
) -> list[ChangedSince] | None:
    """Lists what is granted by the month and would be another amount, from the month after the event to this one, for as long
    as the rules and figures of that day are the measure. None where facts cannot say the event, or once a later decision
    took the place of this one."""
    record = state.decision
    if event is None or not state.stands or state.confirmation is None:
        return None
    then = household_after(record["facts"]["household"], event)
    if then is None:
        return None
    day = max(event.on, dt.date.fromisoformat(record["date"]))
    body = request_of(record) | {"date": day.isoformat(), "known_at": None}
    rules = generations.asked(body, now)
    assess = assessing(rules, body, now)
    before, so = assessed(body["household"], assess), assessed(then, assess)
    if before is None or so is None:
        return None
    in_force = AffectedMonths(rules, rules.question(body, now), before, PeriodInForce(this_month(now), "this_month"))
    granted = {grant.key: grant for grant in grants(record, state.confirmation)}
    found = (
        _changed(one, granted[one.key], day, in_force)
        for one in differences(before, so)
        if one.key in granted and one.monthly and one.fen != 0
    )
    return [one for one in found if one.months]


def _changed(difference: Difference, grant: Grant, day: dt.date, in_force: AffectedMonths) -> ChangedSince:
    """What somebody is paid otherwise than recommended is not measured by what the rules make of it."""
    months, _ = in_force.of(difference, max(after(month_text(day)), grant.first))
    fen = None if grant.departed else difference.fen
    return ChangedSince(difference.programme, difference.person, tuple(months), fen)


def totals(changes: list[ChangedSince] | None) -> tuple[int | None, int | None]:
    """Fen that were paid and would not be due, and fen that would be due and were not paid; None where one is not settled."""
    if changes is None:
        return None, None
    sums = [one.total for one in changes]
    known = [one for one in sums if one is not None]
    if len(known) < len(sums):
        return None, None
    return -sum(one for one in known if one < 0), sum(one for one in known if one > 0)
