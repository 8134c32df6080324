"""Dates by which grants are to be reviewed: by the interval that the rules gave on the day of the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState
from app.rules.explain.numbers import MONTHLY
from app.rules.values.strict_json import Json
from app.verification.registers.validity import valid_until


@dataclass(frozen=True)
class Interval:
    """A granted result and its interval. `months` and `day` are None where nothing published gives one."""

    programme: str
    person: str | None
    decided_for: dt.date
    months: int | None

    @property
    def day(self) -> dt.date | None:
        """The last day of the interval: as many months after the day that was decided for."""
        return None if self.months is None else valid_until(self.decided_for, self.months)


def intervals(state: DecisionState) -> list[Interval]:
    """Of everything that goes on by a decision; what is paid once is not looked at again. The earliest first."""
    return sorted(_intervals(state), key=lambda one: (one.day or dt.date.max, one.programme, one.person or ""))


def _intervals(state: DecisionState) -> Iterator[Interval]:
    """Its own grants, and those before it on which it left nothing decided: they go on. A mere proposal ends none."""
    before = _intervals(state.predecessor) if state.predecessor else iter(())
    confirmation = state.confirmation
    if confirmation is None:
        yield from before
        return
    yield from _granted(state.decision, confirmation["outcomes"])
    yield from (one for one in before if state.leaves((one.programme, one.person)))


def _granted(decision: Json, outcomes: list[Json]) -> Iterator[Interval]:
    results = {(one["programme"], one["person"]): one for one in decision["results"]["results"]}
    for outcome in outcomes:
        if outcome["outcome"] in PAYING and outcome["unit"] in (MONTHLY, None):
            key = outcome["programme"], outcome["person"]
            procedure = results[key]["procedure"] or {"review_months": None}
            yield Interval(*key, dt.date.fromisoformat(decision["date"]), procedure["review_months"])
