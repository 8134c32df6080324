"""A standard printed late: what is found due, household by household, against a computation that shares no code.

Model City (fictional) raised its standard from July 2024, and printed that on 10 September. Who was decided in between
was decided on the old one.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from app.core.paging import Filter
from app.db.database import Database
from app.decisions.replay.repository import Job
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER
from tests.support.oracle import reference
from tests.support.oracle.households import random_request
from tests.support.storage import storage_on

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Key = tuple[str, str | None]
NOT_MONTHLY: Final = ("temporary_assistance", "education_aid")
MOVED_BY_THE_STANDARD: Final = ("dibao", "single_person_dibao")
HOUSEHOLDS: Final = 150
TODAY: Final = "2026-11-01T09:00:00+08:00"


def _requests() -> list[Json]:
    """Random complete households, decided on a day on which the new standard held and was not known."""
    found: list[Json] = []
    seed = 0
    while len(found) < HOUSEHOLDS:
        request = random_request(random.Random(seed))
        seed += 1
        if request["date"] <= "2024-07-01":  # nobody of it is born later than the new day then
            day = dt.date(2024, 7, 1) + dt.timedelta(days=seed % 70)
            found.append(request | {"date": day.isoformat(), "known_at": f"{day.isoformat()}T10:00:00+08:00"})
    return found


def _expected(request: Json) -> dict[Key, Fraction]:
    """By how much a month each result is more than was known, as the reference computes both."""
    before, after = _amounts(request), _amounts(request | {"known_at": TODAY})
    monthly = [key for key in before | after if key[0] not in NOT_MONTHLY]
    pairs = {key: (before.get(key, Fraction(0)), after.get(key, Fraction(0))) for key in monthly}
    return {key: new - old for key, (old, new) in pairs.items() if _settled(old, new) and new != old}


def _settled(*amounts: Any) -> bool:
    """Whether no amount is a range, as where nobody asked how far somebody can care for himself."""
    return all(isinstance(amount, Fraction) for amount in amounts)


def _amounts(request: Json) -> dict[Key, Any]:
    """What each result pays; None for a status that is not settled."""
    results = {(r["programme"], r["person"]): r for r in reference.assess(request)}
    paid = {key: r["amount"] for key, r in results.items() if r["status"] == "eligible" and r["amount"]}
    return paid | {key: None for key, r in results.items() if r["status"] in ("refer", "undetermined")}


async def _replayed(storage: Storage) -> tuple[Job, list[Json]]:
    """A bulk replay with what is known today, and its results."""
    job = await storage.jobs.create(Filter(jurisdiction="999900"), {"known_at": TODAY})
    while await storage.jobs.work_once():
        await asyncio.sleep(0)
    return await storage.jobs.job(OFFICER, job.id), await storage.jobs.results(OFFICER, job.id, None, HOUSEHOLDS + 1)


async def test_each_household_is_found_its_arrears_to_the_fen_once(database: Database, tmp_path: Path) -> None:
    requests = _requests()
    async with storage_on(database, tmp_path) as storage:
        ids = [
            (await storage.decisions.propose(OFFICER, request, f"k{number}"))[0].id
            for number, request in enumerate(requests)
        ]
        await asyncio.gather(*(storage.decisions.confirm(DECIDER, id_, {}, None) for id_ in ids))
        job, results = await _replayed(storage)
        assert job.state == "done"
        assert job.done == HOUSEHOLDS
        by_decision = {result["decision"]: result for result in results}
        owed = 0
        for id_, request in zip(ids, requests, strict=True):
            found = by_decision[str(id_)]
            assert _found(found) == _expected(request)
            owed += bool(_found(found))
            _months_are_those_of_the_new_standard(found, request["date"])
        assert (
            owed > HOUSEHOLDS // 5
        )  # or little was tried; with all they may own, fewer of these households are on dibao
        again, nothing = await _replayed(storage)
        assert again.counts.keys() <= {"same", "other"}  # other: an amount that is not settled
        assert [_found(result) for result in nothing] == [{}] * HOUSEHOLDS


def _found(result: Json) -> dict[Key, Fraction]:
    return {
        (one["programme"], one["person"]): Fraction(one["per_month"])
        for one in result["differences"]
        if one["per_month"] is not None and Fraction(one["per_month"])
    }


def _months_are_those_of_the_new_standard(result: Json, date: str) -> None:
    """From the month after the decision to the last before the next standard took over."""
    first = "2024-08" if date < "2024-08-01" else "2024-09" if date < "2024-09-01" else "2024-10"
    for one in result["differences"]:
        paid = one["now"] is not None and one["now"]["status"] == "eligible"
        if one["programme"] in MOVED_BY_THE_STANDARD and one["months"] and paid:
            assert one["months"][0] == first
            assert one["months"][-1] == "2025-06"
            assert one["ends"] == "rules_changed"
            assert Fraction(one["total"]) == Fraction(one["per_month"]) * len(one["months"])
