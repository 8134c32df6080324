"""What a decided decision pays each month, and to whom: from what the officer decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.months import after, month_text
from app.decisions.outcomes import PAYING
from app.decisions.state import DecisionState
from app.rules.explain.numbers import MONTHLY
from app.rules.values.money import parse_fen
from app.rules.values.strict_json import Json

Key = tuple[str, str | None]  # programme, person


@dataclass(frozen=True)
class Grant:
    """An amount a month for the household (`person` None) or one person, in fen, from a month on."""

    programme: str
    person: str | None
    fen: int
    first: str
    departed: bool = False  # an officer decided otherwise than recommended

    @property
    def key(self) -> Key:
        return self.programme, self.person


def grants(decision: Json, confirmation: Json) -> list[Grant]:
    """The monthly grants of a decided decision."""
    return list(_monthly(decision, confirmation["outcomes"]))


def _monthly(decision: Json, outcomes: list[Json]) -> Iterator[Grant]:
    for outcome in outcomes:
        if outcome["outcome"] in PAYING and outcome["unit"] == MONTHLY:
            key = outcome["programme"], outcome["person"]
            yield Grant(*key, parse_fen(outcome["amount"]), takes_over(decision, key), outcome["departs"])


def lessened(state: DecisionState, outcomes: list[Json]) -> set[str]:
    """What some outcomes take from a family beside what was granted before: `reduced`, `terminated`.

    A result that stays undecided takes nothing yet.
    """
    decided = {(outcome["programme"], outcome["person"]) for outcome in outcomes}
    results = state.decision["results"]["results"]
    undecided = {(result["programme"], result["person"]) for result in results} - decided
    now = {grant.key: grant.fen for grant in _monthly(state.decision, outcomes)}
    found = set()
    for before in _granted_before(state):
        if before.key not in undecided and now.get(before.key, 0) < before.fen:
            found.add("reduced" if now.get(before.key) else "terminated")
    return found


def _granted_before(state: DecisionState) -> list[Grant]:
    """What stands before a decision: by the last one that was decided, and by those before it where it decided nothing.
    What a mere proposal says takes nothing away."""
    before = state.predecessor
    if before is None:
        return []
    if before.confirmation is None:
        return _granted_before(before)
    earlier = [grant for grant in _granted_before(before) if grant.key in before.undecided]
    return grants(before.decision, before.confirmation) + earlier


def takes_over(decision: Json, key: Key) -> str:
    """The first month for which a decision speaks on one result: that of its first payment, else the one after its
    day. Until then, what stood before goes on: programmes do not all begin in the same month."""
    for result in decision["results"]["results"]:
        if (result["programme"], result["person"]) == key and result["amount"] and result["amount"]["from_month"]:
            first: str = result["amount"]["from_month"]
            return first
    return _month_after(decision)


def _month_after(decision: Json) -> str:
    return after(month_text(dt.date.fromisoformat(decision["date"])))


def start_of(decision: Json) -> str:
    """The first month a decision speaks for: the earliest in which it pays, else the month after its day."""
    months = [r["amount"]["from_month"] for r in decision["results"]["results"] if r["amount"]]
    known = [month for month in months if month is not None]
    return min(known) if known else _month_after(decision)
