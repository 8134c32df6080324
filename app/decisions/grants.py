"""What a decided decision grants, and to whom: from what the officer decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.months import after, month_text
from app.decisions.outcomes import PAYING
from app.decisions.state import Key
from app.rules.explain.numbers import MONTHLY, ONCE
from app.rules.values.money import parse_fen
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Grant:
    """An amount a month for the household (`person` None) or one person, in fen, from a month on. Of what goes on also an
    amount a year, and a status: 0."""

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
    return list(_granted(decision, confirmation, lambda unit: unit == MONTHLY))


def lasting(decision: Json, confirmation: Json) -> list[Grant]:
    """What a decided decision grants until another is decided: by the month, by the year, and statuses."""
    return list(_granted(decision, confirmation, lambda unit: unit != ONCE))


def once(decision: Json, confirmation: Json) -> list[Grant]:
    """What a decided decision grants once."""
    return list(_granted(decision, confirmation, lambda unit: unit == ONCE))


def _granted(decision: Json, confirmation: Json, wanted: Callable[[str | None], bool]) -> Iterator[Grant]:
    for outcome in confirmation["outcomes"]:
        if outcome["outcome"] in PAYING and wanted(outcome["unit"]):
            key = outcome["programme"], outcome["person"]
            fen = parse_fen(outcome["amount"]) if outcome["amount"] else 0
            yield Grant(*key, fen, takes_over(decision, key), outcome["departs"])


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
