"""Background jobs over many decisions, resumable: replays, and the search for the effects of a defect.

A job walks its filter page by page. A page's results, the arrears it found, and how far the job has come are one
transaction, so that an interrupted job goes on where it was. The work done on a page depends on the kind of the job.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from app.core.background import Background, work_for_ever
from app.core.errors import DatabaseAway, UnknownJob
from app.core.ids import new_id
from app.core.paging import Filter
from app.db.connection import Connection
from app.db.database import Database
from app.decisions import search_repository
from app.decisions.replay import repository
from app.decisions.replay.repository import Job, JobKind
from app.rules.values.strict_json import Json
from app.security.areas import sees_all_of
from app.security.callers import Caller

log: Final = logging.getLogger("doudi.replay")

PAGE: Final = 200
_IDLE_SECONDS: Final = 2.0


@dataclass(frozen=True)
class PageDone:
    """The rows of results of a page, and the job's counts with them."""

    rows: list[Json]
    counts: Json


class PageWork(Protocol):
    """The work of one kind of job on a page of decisions."""

    async def page(self, connection: Connection, job: Job, ids: list[UUID]) -> PageDone:
        """Works on some decisions; writes nothing but in the page's own transaction."""
        ...


class ReplayJobs:
    """Takes jobs and works on them, one at a time in this process; several processes share the work."""

    def __init__(self, database: Database, works: Mapping[JobKind, PageWork], now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.works = works
        self.now = now
        self._wake = asyncio.Event()
        self._background = Background()

    async def create(self, filter_: Filter, against: Json, kind: JobKind = "replay") -> Job:
        """Stores a job that waits for its turn."""
        now = self.now()
        async with self.database.begin() as connection:
            total = await search_repository.count(connection, filter_)
            new = Job(new_id(now), kind, filter_, against, "queued", None, total, 0, {}, None, now, now)
            await repository.add_job(connection, new)
            job = await repository.job(connection, new.id, kind)  # as it will be read
        self._wake.set()
        return job

    async def job(self, caller: Caller, id_: UUID, kind: JobKind = "replay") -> Job:
        """Reads a job. UnknownJob if there is none of this kind, or one that reaches beyond the caller's areas."""
        async with self.database.connect() as connection:
            return await _seen(connection, caller, id_, kind)

    async def results(
        self,
        caller: Caller,
        id_: UUID,
        after: UUID | None,
        size: int,
        class_: str | None = None,
        kind: JobKind = "replay",
    ) -> list[Json]:
        """Reads a job's results in the order of their decisions. UnknownJob as for the job."""
        async with self.database.connect() as connection:
            await _seen(connection, caller, id_, kind)
            return await repository.results(connection, id_, after, size, class_)

    def start(self) -> None:
        """Begins to work in the background, on jobs that an earlier process left, too."""
        self._background.start(work_for_ever(log, self.work_once, self._wake, _IDLE_SECONDS))

    async def close(self) -> None:
        """Ends the work; a job that is interrupted goes on at the next start."""
        await self._background.close()

    async def work_once(self) -> bool:
        """Works one job to its end. False if no job waits that nobody else works on."""
        async with self.database.connect() as own:
            for id_ in await repository.unfinished_jobs(own):
                if await repository.take_job(own, id_):
                    try:
                        await self._finish(id_)
                    finally:
                        await repository.free_job(own, id_)
                    return True
        return False

    async def _finish(self, id_: UUID) -> None:
        try:
            while await self._page(id_):
                await asyncio.sleep(0)  # others are served between pages
        except DatabaseAway:
            raise  # it goes on where it was
        except Exception as error:
            async with self.database.begin() as connection:
                await repository.change_job(
                    connection, id_, state="failed", problem=type(error).__name__, updated_at=self.now()
                )

    async def _page(self, id_: UUID) -> bool:
        """Works on the next page of a job. False once there is none."""
        async with self.database.begin() as connection:
            job = await repository.job(connection, id_)
            if job.state not in ("queued", "running"):
                return False
            ids = await search_repository.ids(connection, job.filter, job.cursor, PAGE)
            if not ids:
                await repository.change_job(connection, id_, state="done", total=job.done, updated_at=self.now())
                return False
            done = await self.works[job.kind].page(connection, job, ids)
            await repository.add_results(connection, done.rows)
            await repository.change_job(
                connection,
                id_,
                state="running",
                cursor=ids[-1],
                done=job.done + len(ids),
                counts=done.counts,
                updated_at=self.now(),
            )
        return True


async def _seen(connection: Connection, caller: Caller, id_: UUID, kind: JobKind) -> Job:
    job = await repository.job(connection, id_, kind)
    if not sees_all_of(caller, job.filter):
        raise UnknownJob
    return job
