"""The Model City with a wrong figure in its pack: the rural standard of one month."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from functools import lru_cache
from typing import Any, Final

import pytest

from app.rules.packs.library import Library
from app.rules.packs.pack import Pack, load_packs
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER
from tests.support.decisions.recorded import with_documents
from tests.support.oracle import households

STANDARD: Final = (
    "    - {from: 2025-07-01, value: 8400, per: year, document: model-city-rules, published: 2025-07-01}\n"
)
RIGHT, WRONG = 8400, 8040  # a year: 700 and 670 a month
FIRST, LAST = dt.date(2025, 9, 1), dt.date(2025, 9, 30)
DAYS: Final = ("2025-08-31", "2025-09-01", "2025-09-15", "2025-09-30", "2025-10-01", "2025-12-05")
KNOWN_AT: Final = "2025-12-20"


@lru_cache
def with_rural_standard(value: int) -> Rules:
    """The shipped rules with another rural standard in September 2025 alone."""
    packs = load_packs()
    texts = dict(packs["999900"].texts)
    (name,) = (name for name, text in texts.items() if STANDARD in text)
    month = (
        f"{{from: {FIRST}, until: {LAST}, value: {value}, per: year, document: model-city-rules, published: {FIRST}}}"
    )
    after = f"{{from: 2025-10-01, value: {RIGHT}, per: year, document: model-city-rules, published: 2025-07-01}}"
    texts[name] = texts[name].replace(STANDARD, f"{STANDARD}    - {month}\n    - {after}\n")
    return Rules(Library(packs | {"999900": Pack.of_texts("999900", texts)}))


class Clock:
    """Time that goes on by a second whenever somebody looks."""

    def __init__(self, start: dt.datetime) -> None:
        self.start = start
        self._seconds = itertools.count()

    def __call__(self) -> dt.datetime:
        return self.start + dt.timedelta(seconds=next(self._seconds))


def bodies(count: int, patch: pytest.MonkeyPatch) -> list[Json]:
    """Random households of both residences on the days around the month."""
    rng = random.Random(999900)
    patch.setattr(households, "random_day", lambda rng: dt.date.fromisoformat(rng.choice(DAYS)))
    patch.setattr(households, "random_known_at", lambda *_: None)
    made = [households.random_request(rng, complete=number % 4 != 0) for number in range(count)]
    return [with_documents(body) | {"known_at": KNOWN_AT} for body in made]


async def record_all(storage: Storage, sent: list[Json]) -> None:
    """Proposes all and decides most: some otherwise than recommended, some given up, corrected or succeeded."""
    for number, body in enumerate(sent):
        details = {"case": f"C-{number}", "household_ref": f"H-{number}"}
        written, found = await storage.decisions.propose(OFFICER, body | details, f"p{number}")
        if number % 10 == 9:
            continue
        if number % 17 == 5:
            await storage.decisions.withdraw(OFFICER, written.id, {"reason": "家庭撤回申请"}, None)
            continue
        await storage.decisions.confirm(DECIDER, written.id, {"outcomes": _departing(found.results, number)}, None)
        if number % 12 == 3:
            await _followed(storage, written.id, body, "succeed", number)
        if number % 12 == 7:
            await _followed(storage, written.id, body, "correct", number)


def _departing(results: Json, number: int) -> list[Json]:
    """Two of three families are refused dibao although they are entitled."""
    entitled = any(r["programme"] == "dibao" and r["status"] == "eligible" for r in results["results"])
    return [{"programme": "dibao", "outcome": "refused", "reason": "另有收入"}] if entitled and number % 3 else []


async def _followed(storage: Storage, id_: Any, body: Json, how: str, number: int) -> None:
    later = body | {"reason": "有新情况", "case": f"F-{number}"}
    if how == "succeed":
        later |= {"date": "2026-02-10", "known_at": "2026-02-11", "kind": "review"}
    written, _ = await getattr(storage.decisions, how)(OFFICER, id_, later, None)
    await storage.decisions.confirm(DECIDER, written.id, {}, None)
