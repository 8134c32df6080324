"""What a decided decision pays each month, and to whom: from what the officer decided."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from app.decisions.confirmations import PAYING
from app.decisions.months import after, month_text
from app.rules.money import parse_fen
from app.rules.ranges import MONTHLY

Json = dict[str, Any]
Key = tuple[str, str | None]  # programme, person
NOTHING: Final = 0


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
    results = {(r["programme"], r["person"]): r for r in decision["results"]["results"]}
    found = []
    for outcome in confirmation["outcomes"]:
        result = results[outcome["programme"], outcome["person"]]
        amount = result["amount"]
        monthly = amount is None or amount["unit"] == MONTHLY
        if outcome["outcome"] in PAYING and outcome["amount"] is not None and monthly:
            first = (amount and amount["from_month"]) or start_of(decision)
            otherwise = outcome["reason"] is not None
            fen = parse_fen(outcome["amount"])
            found.append(Grant(outcome["programme"], outcome["person"], fen, first, otherwise))
    return found


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
