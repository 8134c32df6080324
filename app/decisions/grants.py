"""What a decided decision pays each month, and to whom: from what the officer decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.months import after, month_text
from app.decisions.outcomes import PAYING
from app.decisions.state import Key
from app.rules.explain.numbers import MONTHLY
from app.rules.values.money import parse_fen
from app.rules.values.strict_json import Json


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
