"""The hearing of a family before it gets less (社会救助法 48): when the law wants one, and when one was held in time."""

from __future__ import annotations

import datetime as dt
from typing import Final

from app.core.errors import Conflict
from app.core.months import month_text
from app.decisions.lessening import Lessening, lessenings
from app.decisions.state import DecisionState
from app.rules.facts.request import china_day
from app.rules.packs.library import Library
from app.rules.packs.schema_beside import Safeguard
from app.rules.values.strict_json import Json

_LESS: Final = frozenset({"reduced", "terminated"})


def must_be_heard(state: DecisionState, outcomes: list[Json], library: Library, today: dt.date) -> None:
    """Raise Conflict where some outcomes give a family less and the law wants it heard before, but no hearing is on record
    that lies after the decision that is lowered."""
    taken = lessenings(state, outcomes, library.programmes, month_text(today))
    for safeguard in _wanted(state, outcomes, taken, library, today):
        since = max((_stands_since(one.lowered) for one in taken), default=safeguard.start)
        if not state.has_event(safeguard.event, since):
            raise Conflict(f"{safeguard.event}_needed")


def wanted(state: DecisionState, outcomes: list[Json], library: Library, made: dt.date) -> list[Safeguard] | None:
    """List what the law wants on record before some outcomes of a decision that is made on a day; None where they give a
    family no less."""
    taken = lessenings(state, outcomes, library.programmes, month_text(made))
    if not taken and _LESS.isdisjoint(outcome["outcome"] for outcome in outcomes):
        return None
    return _wanted(state, outcomes, taken, library, made)


def _wanted(
    state: DecisionState, outcomes: list[Json], taken: list[Lessening], library: Library, made: dt.date
) -> list[Safeguard]:
    """For what is less the law is also asked on the day of the decision that is lowered, and on the day on which this one is
    made: no earlier day spares a hearing."""
    path = library.path(library.division(state.decision["jurisdiction"]))
    said = [(_date(state), outcome["outcome"]) for outcome in outcomes]
    for one in taken:
        said += [(_date(state), one.way), (_date(one.lowered), one.way)]
        if one.month >= month_text(made) and not _entered_on(one.lowered, made):
            said.append((made, one.way))
    found = (each for day, way in said for each in library.safeguards(path, day) if way in each.outcomes)
    return list({id(each): each for each in found}.values())


def _date(state: DecisionState) -> dt.date:
    return dt.date.fromisoformat(state.decision["date"])


def _entered_on(state: DecisionState, day: dt.date) -> bool:
    """Tell if a decision was decided on a day: old decisions of a household that are entered together, one after the
    other, take nothing that it gets by this record."""
    return state.decided_at is not None and china_day(state.decided_at) == day


def _stands_since(lowered: DecisionState) -> dt.date:
    """The day from which a decision that is lowered was there to be heard about: the day it is of, or the day it was decided
    if that is earlier. What was decided on paper is often entered later."""
    date = _date(lowered)
    return date if lowered.decided_at is None else min(date, china_day(lowered.decided_at))
