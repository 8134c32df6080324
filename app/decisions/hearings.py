"""The hearing of a family before it gets less (社会救助法 48): when the law wants one, and when one was held in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.core.errors import Conflict
from app.decisions.lessening import Lessening, lessenings
from app.decisions.state import DecisionState
from app.rules.facts.request import china_day
from app.rules.packs.library import Library
from app.rules.packs.schema import Safeguard
from app.rules.values.strict_json import Json


def must_be_heard(state: DecisionState, outcomes: list[Json], library: Library) -> None:
    """Raise Conflict where some outcomes give a family less and the law wants it heard before, but no hearing is on record
    that lies after the decision that is lowered."""
    taken = lessenings(state, outcomes)
    for safeguard in _wanted(state, outcomes, taken, library):
        since = max((_stands_since(one.lowered) for one in taken), default=safeguard.start)
        if not state.has_event(safeguard.event, since):
            raise Conflict(f"{safeguard.event}_needed")


def _wanted(
    state: DecisionState, outcomes: list[Json], taken: list[Lessening], library: Library
) -> Iterator[Safeguard]:
    """What the law wants on record on the day of the decision. For what is less it is also asked on the day of the
    decision that is lowered: an earlier day spares no hearing."""
    path = library.path(library.division(state.decision["jurisdiction"]))
    said = [(state, outcome["outcome"]) for outcome in outcomes] + [(state, one.way) for one in taken]
    for decided, way in [*said, *((one.lowered, one.way) for one in taken)]:
        day = dt.date.fromisoformat(decided.decision["date"])
        yield from (each for each in library.safeguards(path, day) if way in each.outcomes)


def _stands_since(lowered: DecisionState) -> dt.date:
    """The day from which a decision that is lowered was there to be heard about: the day it is of, or the day it was decided
    if that is earlier. What was decided on paper is often entered later."""
    date = dt.date.fromisoformat(lowered.decision["date"])
    return date if lowered.decided_at is None else min(date, china_day(lowered.decided_at))
