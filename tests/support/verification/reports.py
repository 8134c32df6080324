"""Reports as a platform would make them, on the household of the contract."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any, Final

from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.verification.exchange.protocol import Item, Match, Period, Report, Value
from app.verification.findings.effects import Assess, assessing
from tests.support.rules import rules

NOW: Final = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
DAY: Final = dt.date(2026, 11, 20)
EXACT: Final = Match(quality="exact", on=("name", "id_number"))
WEAK: Final = Match(quality="weak", on=("name",))
HALF_YEAR: Final = Period(first="2026-02", last="2026-07")
_numbers: Final = itertools.count()


def item(fact: str, value: Value, match: Match = EXACT, period: Period | None = None) -> Item:
    return Item(fact=fact, value=value, period=period, match=match)


def report(source: str, person: str, *items: Item, status: str = "answered", query: str = "q1") -> Report:
    return Report.model_validate(
        {
            "id": f"r{next(_numbers)}",
            "query": query,
            "source": source,
            "person": person,
            "status": status,
            "items": items,
            "as_of": dt.date(2026, 11, 18),
            "reported_at": NOW,
            "received_at": NOW,
        }
    )


def assess(**changes: Any) -> Assess:
    """How the households of these tests are assessed: as the contract's example, for the programmes that pay it."""
    return assessing(rules(), EXAMPLE | changes, NOW)
