"""Several processes and several releases on one database: what each knows to stand, and that no record contradicts it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from app.db.database import Database
from app.decisions.stored_rules.active_packs import counts_from
from app.publications.schemas import Approval
from app.rules.history import RulesHistory
from app.rules.packs.library import Library
from app.rules.packs.pack import CONTENT, Pack
from app.rules.service import Rules
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.storage import Storage
from tests.support.callers import OFFICER
from tests.support.rules import rules
from tests.support.storage import ORIGIN, household

pytestmark = pytest.mark.anyio

PUBLISHER: Final = Caller("publisher-1", frozenset({"publisher"}), ("",))
SECOND: Final = Caller("publisher-2", frozenset({"publisher"}), ("",))
MODEL: Final = (CONTENT / "999900" / "pack.yaml").read_text(encoding="utf-8")
AFTER: Final = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def process(database: Database, folder: Path, clock: Clock, shipped: Rules | None = None) -> Storage:
    """A storage as a process of its own has it."""
    return Storage(database, folder, ORIGIN, RulesHistory(shipped or rules()), now=clock)


@pytest.fixture
async def one(database: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Storage]:
    storage = process(database, tmp_path, clock)
    await storage.standing.begin()
    yield storage
    await storage.close()


@pytest.fixture
async def other(one: Storage, database: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Storage]:
    storage = process(database, tmp_path, clock)
    await storage.standing.begin()
    yield storage
    await storage.writer.close()


def pack_with(before: str, after: str) -> Json:
    assert before in MODEL
    return {"jurisdiction": "999900", "pack": MODEL.replace(before, after)}


async def published(storage: Storage, body: Json) -> None:
    submitted = await storage.publications.submit(PUBLISHER, body, None, "zh")
    await storage.publications.approve(SECOND, UUID(submitted.id), Approval(), {}, None, "zh")


def rounding(storage: Storage, known_at: dt.datetime = AFTER) -> str:
    return storage.generations.at(known_at).packs["999900"].texts["999900/pack.yaml"]


def shipped_with(before: str, after: str) -> Rules:
    """The packs of another release."""
    pack = Pack.of_texts("999900", {"999900/pack.yaml": MODEL.replace(before, after)})
    return Rules(Library({**rules().library.packs, "999900": pack}))


RAISED: Final = ("value: 920,", "value: 960,")


async def test_what_one_process_approves_the_other_learns(one: Storage, other: Storage) -> None:
    await published(one, pack_with(*RAISED))
    assert "value: 920," in rounding(other)
    await other.standing.catch_up()
    assert "value: 960," in rounding(other)
    assert other.generations.newest.since == one.generations.newest.since


async def test_no_decision_is_recorded_by_packs_that_no_longer_stand(
    one: Storage, other: Storage, clock: Clock
) -> None:
    """A process that missed an approval learns of it when it records, and computes once more."""
    before, _ = await other.decisions.propose(OFFICER, household(), "before")
    await published(one, pack_with(*RAISED))
    clock.time += dt.timedelta(minutes=1)
    written, found = await other.decisions.propose(OFFICER, household(), "after")
    own, _ = await one.decisions.propose(OFFICER, household(), "own")
    assert written.record["packs"] == own.record["packs"] != before.record["packs"]
    assert found.ruleset == own.record["ruleset"]
    assert written.record["results"] == own.record["results"] != before.record["results"]


async def test_what_was_known_before_an_approval_rests_on_what_stood(
    one: Storage, other: Storage, clock: Clock
) -> None:
    before, _ = await one.decisions.propose(OFFICER, household(), "before")
    await published(one, pack_with(*RAISED))
    at_once, _ = await other.decisions.propose(OFFICER, household(), "at once")  # it does not count yet
    clock.time += dt.timedelta(minutes=1)
    earlier = household() | {"known_at": before.record["known_at"]}
    late, _ = await other.decisions.propose(OFFICER, earlier, "late")
    for written in (at_once, late):
        assert written.record["packs"] == before.record["packs"]
        assert written.record["results"] == before.record["results"]


def test_what_is_approved_counts_after_every_clock_says_that_it_is() -> None:
    for microsecond in (0, 1, 999_999):
        now = dt.datetime(2026, 11, 20, 2, 0, 58, microsecond, tzinfo=dt.UTC)
        since = counts_from(now)
        assert dt.timedelta(seconds=1) < since - now <= dt.timedelta(seconds=2)
        assert since.microsecond == 0


@pytest.mark.slow
async def test_a_process_that_starts_finds_every_generation(
    one: Storage, database: Database, tmp_path: Path, clock: Clock
) -> None:
    body = household() | {"known_at": "2026-11-20T10:00:00+08:00"}
    for value in (930, 940, 950):
        await published(one, pack_with("value: 920,", f"value: {value},"))
        clock.time += dt.timedelta(minutes=1)
    started = process(database, tmp_path, clock)
    await started.standing.begin()
    try:
        said = [(generation.since, rounding(started, generation.since)) for generation in started.generations]
        assert said == [(generation.since, rounding(one, generation.since)) for generation in one.generations]
        assert len(said) == 4
        for known_at in ("2026-11-20T10:00:00+08:00", "2026-11-20T10:01:30+08:00", "2026-12-01"):
            asked = body | {"known_at": known_at}
            answers = [s.generations.asked(asked, clock()).assess(asked, "zh", clock()) for s in (one, started)]
            assert answers[0] == answers[1]
    finally:
        await started.writer.close()


async def test_a_release_with_another_pack_publishes_it_from_its_start_on(
    one: Storage, database: Database, tmp_path: Path, clock: Clock
) -> None:
    before = clock.time
    clock.time += dt.timedelta(days=1)
    release = process(database, tmp_path, clock, shipped_with(*RAISED))
    await release.standing.begin()
    try:
        assert "value: 920," in rounding(release, before)
        assert "value: 960," in rounding(release)
        await one.standing.catch_up()
        assert "value: 960," in rounding(one)
        found = await one.publications.page(None, None, None, 10)
        assert [(p.form, len(p.packs), p.outcome and p.outcome.known_from is None) for p in found] == [
            ("shipped", len(rules().library.packs), True),
            ("shipped", 1, False),
        ]
    finally:
        await release.writer.close()


async def test_a_release_never_takes_back_what_was_published(
    one: Storage, database: Database, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await published(one, pack_with(*RAISED))
    release = process(database, tmp_path, clock, shipped_with("value: 920,", "value: 1,"))
    await release.standing.begin()
    try:
        assert "value: 960," in rounding(release)
        assert "999900 was published since" in caplog.text
    finally:
        await release.writer.close()


async def test_the_same_release_started_again_publishes_nothing(
    one: Storage, database: Database, tmp_path: Path, clock: Clock
) -> None:
    again = process(database, tmp_path, clock)
    await again.standing.begin()
    try:
        assert len(await again.publications.page(None, None, None, 10)) == 1
    finally:
        await again.writer.close()
