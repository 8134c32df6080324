"""Computing many decisions again in the background, resumable: replays, and what a defect did.

A job walks its filter page by page. A page's results, what it found due, and how far the job has come are one
transaction, so that a job that was interrupted goes on where it was. What is done with a page depends on the kind of the
job (work.py).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.background import Background, work_for_ever
from app.core.errors import DatabaseAway, UnknownJob
from app.core.ids import new_id
from app.core.paging import Filter
from app.db.database import Database
from app.db.tables import ReplayJob, ReplayResult
from app.decisions import search
from app.decisions.replay import job_rows
from app.decisions.replay.job_rows import Job, JobKind
from app.decisions.replay.work import Work
from app.rules.values.strict_json import Json
from app.security.areas import sees_all_of
from app.security.callers import Caller

log: Final = logging.getLogger("doudi.replay")

PAGE: Final = 200
_IDLE_SECONDS: Final = 2.0


class ReplayJobs:
    """Takes jobs and works on them, one at a time in this process; several processes share the work."""

    def __init__(self, database: Database, works: Mapping[JobKind, Work], now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.works = works
        self.now = now
        self._wake = asyncio.Event()
        self._background = Background()

    async def create(self, filter_: Filter, against: Json, kind: JobKind = "replay") -> Job:
        """A job that waits for its turn."""
        now = self.now()
        async with self.database.begin() as connection:
            total = await search.count(connection, filter_)
            id_ = new_id(now)
            row = {
                "id": id_,
                "kind": kind,
                "filter": filter_.plain(),
                "against": against,
                "state": "queued",
                "cursor": None,
                "total": total,
                "done": 0,
                "counts": {},
                "problem": None,
                "created_at": now,
                "updated_at": now,
            }
            await connection.execute(insert(ReplayJob), [row])
            job = await job_rows.read(connection, id_, kind)
        self._wake.set()
        return job

    async def job(self, caller: Caller, id_: UUID, kind: JobKind = "replay") -> Job:
        """How far a job has come. UnknownJob if there is none of this kind, or one that reaches beyond the caller's
        areas."""
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
        """A job's results in the order of the decisions. UnknownJob as for the job."""
        async with self.database.connect() as connection:
            await _seen(connection, caller, id_, kind)
            query = select(col(ReplayResult.body)).where(col(ReplayResult.job) == id_)
            if after is not None:
                query = query.where(col(ReplayResult.decision) > after)
            if class_ is not None:
                query = query.where(col(ReplayResult.class_) == class_)
            rows = await connection.execute(query.order_by(col(ReplayResult.decision)).limit(size))
            return list(rows.scalars())

    def start(self) -> None:
        """Begins to work in the background, on what an earlier process left too."""
        self._background.start(work_for_ever(log, self.work_once, self._wake, _IDLE_SECONDS))

    async def close(self) -> None:
        await self._background.close()

    async def work_once(self) -> bool:
        """One job to its end, if one waits that nobody else works on."""
        async with self.database.connect() as own:
            for id_ in await job_rows.waiting(own):
                if await job_rows.take(own, id_):
                    try:
                        await self._finish(id_)
                    finally:
                        await job_rows.free(own, id_)
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
                await job_rows.change(
                    connection, id_, state="failed", problem=type(error).__name__, updated_at=self.now()
                )

    async def _page(self, id_: UUID) -> bool:
        """The next page of a job; False once there is none."""
        async with self.database.begin() as connection:
            job = await job_rows.read(connection, id_)
            if job.state not in ("queued", "running"):
                return False
            ids = await search.ids(connection, job.filter, job.cursor, PAGE)
            if not ids:
                await job_rows.change(connection, id_, state="done", total=job.done, updated_at=self.now())
                return False
            worked = await self.works[job.kind].page(connection, job, ids)
            if worked.rows:
                await connection.execute(insert(ReplayResult), worked.rows)
            await job_rows.change(
                connection,
                id_,
                state="running",
                cursor=ids[-1],
                done=job.done + len(ids),
                counts=worked.counts,
                updated_at=self.now(),
            )
        return True


async def _seen(connection: AsyncConnection, caller: Caller, id_: UUID, kind: JobKind) -> Job:
    job = await job_rows.read(connection, id_, kind)
    if not sees_all_of(caller, job.filter):
        raise UnknownJob
    return job
