"""Who is due: nothing recorded for the chosen time, no case open, nothing granted that stands."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.db.database import Database
from app.people.retention import due, shipped
from app.rules.history import RulesHistory
from app.settings import Settings
from app.storage import Storage
from tests.support.callers import DECIDER, OFFICER
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.rules import rules
from tests.support.storage import ORIGIN, household

pytestmark = pytest.mark.anyio

THEN = dt.datetime(2024, 3, 31, 4, tzinfo=dt.UTC)


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.at = THEN

    def __call__(self) -> dt.datetime:
        return self.at


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def storage(database: Database, tmp_path: Path, now: Now) -> Storage:
    return Storage(database, tmp_path, ORIGIN, RulesHistory(rules()), now=now)


async def propose(storage: Storage, key: str, id_number: str = ADULT, **changes: Any) -> UUID:
    rich = household() | {"date": "2024-03-31", "programmes": ["dibao"], "identities": [identity("p1", id_number)]}
    rich["household"]["members"][0]["income"] = {"wage": "90000.00"}
    written, _ = await storage.decisions.propose(OFFICER, rich | changes, key)
    return written.id


async def refused(storage: Storage, key: str, id_number: str = ADULT) -> UUID:
    id_ = await propose(storage, key, id_number)
    await storage.decisions.confirm(DECIDER, id_, {}, None)
    return id_


async def days(storage: Storage, months: int, at: dt.datetime) -> list[str]:
    """The last days of those who are due."""
    found = [one async for one in due(storage.database, months, at)]
    await storage.writer.close()
    return sorted(one.last.isoformat() for one in found)


def after(months: int, days_: int = 0) -> dt.datetime:
    year, month = divmod(2024 * 12 + 2 + months, 12)
    return dt.datetime(year, month + 1, 28, 4, tzinfo=dt.UTC) + dt.timedelta(days=days_)


async def test_who_was_refused_is_due_when_the_time_is_over(storage: Storage) -> None:
    await refused(storage, "1")
    assert await days(storage, 24, dt.datetime(2026, 3, 30, 4, tzinfo=dt.UTC)) == []
    assert await days(storage, 24, dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)) == ["2024-03-31"]


async def test_who_has_an_open_case_is_not_due(storage: Storage) -> None:
    await refused(storage, "1")
    await propose(storage, "2")
    assert await days(storage, 1, after(60)) == []


async def test_who_withdrew_is_due(storage: Storage) -> None:
    id_ = await propose(storage, "1")
    await storage.decisions.withdraw(OFFICER, id_, {"reason": "家庭撤回申请"}, None)
    assert await days(storage, 1, after(60)) == ["2024-03-31"]


async def test_who_is_still_on_support_is_not_due_however_long_ago_it_was_decided(storage: Storage) -> None:
    poor = household() | {"date": "2024-03-31", "programmes": ["dibao"], "identities": [identity("p1")]}
    written, found = await storage.decisions.propose(OFFICER, poor, "1")
    assert [one["status"] for one in found.results["results"]] == ["eligible"]
    await storage.decisions.confirm(DECIDER, written.id, {}, None)
    assert await days(storage, 1, after(120)) == []


async def test_something_recorded_later_begins_the_time_anew(storage: Storage, now: Now) -> None:
    id_ = await refused(storage, "1")
    now.at = dt.datetime(2024, 9, 1, 4, tzinfo=dt.UTC)
    await storage.decisions.note(OFFICER, id_, {"kind": "objection", "on": "2024-09-01"}, None)
    assert await days(storage, 24, dt.datetime(2026, 8, 31, 4, tzinfo=dt.UTC)) == []
    assert await days(storage, 24, dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)) == ["2024-09-01"]


async def test_who_is_erased_is_not_due_again_and_others_are(storage: Storage) -> None:
    await refused(storage, "1", ADULT)
    await refused(storage, "2", OTHER)
    (first, _) = [one async for one in due(storage.database, 1, after(60))]
    await storage.erasures.erase(OFFICER, first.ref, "period_ended")
    assert await days(storage, 1, after(60)) == ["2024-03-31"]


def test_what_the_law_fixes_is_said_and_what_it_does_not_is_chosen() -> None:
    assert shipped()["access_log"].at_least_months == 6
    for rule in shipped().values():
        assert rule.basis
        assert (rule.at_least_months is None) != (rule.chosen_by is None)
        assert rule.chosen_by is None or Settings.model_fields[rule.chosen_by].default is None


async def verify(storage: Storage, about: UUID | None = None) -> None:
    """Registers are to be asked about a household that was sent, or that of a decision."""
    sent = household() | {"identities": [identity("p1", ADULT)]} if about is None else {"decision": str(about)}
    await storage.verifications.begin(OFFICER, sent | {"purpose": "application"}, None)


async def test_who_was_verified_and_never_applied_is_due(storage: Storage) -> None:
    await verify(storage)
    assert await days(storage, 24, dt.datetime(2026, 3, 30, 4, tzinfo=dt.UTC)) == []
    assert await days(storage, 24, dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)) == ["2024-03-31"]


async def test_a_verification_begins_the_time_anew(storage: Storage, now: Now) -> None:
    id_ = await refused(storage, "1")
    now.at = dt.datetime(2025, 5, 20, 4, tzinfo=dt.UTC)
    await verify(storage, id_)
    assert await days(storage, 24, dt.datetime(2026, 3, 31, 4, tzinfo=dt.UTC)) == []
    assert await days(storage, 24, dt.datetime(2027, 5, 20, 4, tzinfo=dt.UTC)) == ["2025-05-20"]
