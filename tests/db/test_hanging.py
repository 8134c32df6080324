"""A PostgreSQL that stands still: what waits for it is given up, readiness says no within a second, and all comes back."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.core.errors import DatabaseAway
from app.db.database import CONNECTIONS, Database
from app.db.private_server.postmaster import postmaster_of
from app.settings import Settings

pytestmark = pytest.mark.anyio


@contextmanager
def standing_still(data: Path) -> Iterator[None]:
    """The server of a data folder and each of its processes, stopped meanwhile."""
    found = postmaster_of(data / "postgres")
    assert found is not None
    children = Path(f"/proc/{found.pid}/task/{found.pid}/children").read_text().split()
    pids = [*map(int, children), found.pid]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


async def asked(database: Database) -> object:
    async with database.connect() as connection:
        return (await connection.execute(text("SELECT 1"))).scalar_one()


async def written(database: Database) -> object:
    async with database.begin() as connection:
        return (await connection.execute(text("SELECT 1"))).scalar_one()


async def test_nothing_waits_for_ever(data: Path) -> None:
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        assert [await asked(database), await written(database)] == [1, 1]
        with standing_still(data):
            started = time.monotonic()
            assert not await database.ready()
            assert time.monotonic() - started < 1
            for _ in range(2):
                found = await asyncio.gather(asked(database), written(database), return_exceptions=True)
                assert [type(one) for one in found] == [DatabaseAway] * 2
            assert time.monotonic() - started < 5
        while not await database.ready():
            await asyncio.sleep(0.05)
        assert [await asked(database), await written(database)] == [1, 1]
    finally:
        await database.close()


async def test_work_that_is_under_way_is_given_up(data: Path) -> None:
    database = await Database.open(Settings(data=data, fsync=False))
    try:
        async with database.begin() as connection:
            await connection.execute(text("SELECT 1"))
        with standing_still(data):
            started = time.monotonic()
            found = await asyncio.gather(*(asked(database) for _ in range(20)), return_exceptions=True)
            assert {type(one) for one in found} == {DatabaseAway}
            assert time.monotonic() - started < 10
    finally:
        await database.close()


async def test_a_statement_has_its_time(data: Path) -> None:
    database = await Database.open(Settings(data=data, fsync=False, statement_seconds=0.2))
    try:
        started = time.monotonic()
        with pytest.raises(DatabaseAway):
            async with database.connect() as connection:
                await connection.execute(text("SELECT pg_sleep(60)"))
        assert time.monotonic() - started < 5
        assert await database.ready()
    finally:
        await database.close()


async def test_readers_keep_neither_writers_nor_readiness_waiting(database: Database) -> None:
    go_on, inside = asyncio.Event(), asyncio.Semaphore(0)

    async def reading() -> None:
        async with database.connect():
            inside.release()
            await go_on.wait()

    readers = [asyncio.create_task(reading()) for _ in range(CONNECTIONS)]
    for _ in readers:
        await inside.acquire()
    assert await database.ready()
    assert await asyncio.wait_for(written(database), 2) == 1
    go_on.set()
    await asyncio.gather(*readers)
