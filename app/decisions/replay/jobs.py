"""Replaying many decisions in the background: resumable, and giving nothing more when run twice.

A job walks its filter page by page. A page's results, what it found due, and how far the job has come are one
transaction, so that a job that was interrupted goes on where it was. What a settled replay found due for a month is
kept as a finding; whatever is found later counts only beyond what was found before.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.away import DatabaseAway
from app.db.database import Database
from app.db.tables import Finding, ReplayJob, ReplayResult
from app.decisions import archive, search
from app.decisions.archive import Stored
from app.decisions.areas import sees_all_of
from app.decisions.failures import CannotRecompute, UnknownJob
from app.decisions.filters import Filter
from app.decisions.ids import new_id
from app.decisions.replay import job_rows
from app.decisions.replay.differences import class_of
from app.decisions.replay.due import beyond, finding_rows, found_before
from app.decisions.replay.job_rows import Job
from app.decisions.replay.replayer import Against, Replayed, Replayer
from app.decisions.state import DecisionState
from app.rules.assessment import RuleFailure
from app.rules.faults import FaultyRequest
from app.rules.requests import read_instant
from app.security.callers import Caller

log: Final = logging.getLogger("doudi.replay")

PAGE: Final = 200
_IDLE_SECONDS: Final = 2.0
Json = dict[str, Any]


class ReplayJobs:
    """Takes jobs and works on them, one at a time in this process; several processes share the work."""

    def __init__(self, database: Database, replayer: Replayer, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.replayer = replayer
        self.now = now
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def create(self, filter_: Filter, against: Json) -> Job:
        """A job that waits for its turn."""
        now = self.now()
        async with self.database.begin() as connection:
            total = await search.count(connection, filter_)
            id_ = new_id(now)
            row = {
                "id": id_,
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
            job = await job_rows.read(connection, id_)
        self._wake.set()
        return job

    async def job(self, caller: Caller, id_: UUID) -> Job:
        """How far a job has come. UnknownJob if there is none, or one that reaches beyond the caller's areas."""
        async with self.database.connect() as connection:
            return await _seen(connection, caller, id_)

    async def results(
        self, caller: Caller, id_: UUID, after: UUID | None, size: int, class_: str | None = None
    ) -> list[Json]:
        """A job's results in the order of the decisions. UnknownJob as for the job."""
        async with self.database.connect() as connection:
            await _seen(connection, caller, id_)
            query = select(col(ReplayResult.body)).where(col(ReplayResult.job) == id_)
            if after is not None:
                query = query.where(col(ReplayResult.decision) > after)
            if class_ is not None:
                query = query.where(col(ReplayResult.class_) == class_)
            rows = await connection.execute(query.order_by(col(ReplayResult.decision)).limit(size))
            return list(rows.scalars())

    def start(self) -> None:
        """Begins to work in the background, on what an earlier process left too."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.work_once():
                    pass
            except Exception as error:  # the next round tries again
                log.error("replaying was interrupted: %s", type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _IDLE_SECONDS)

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
            against = against_of(job.against)
            replayed = await self._replayed(connection, ids, against)
            if against.settles:
                await self._settle(connection, id_, replayed)
            if replayed:
                await connection.execute(insert(ReplayResult), [_result_row(id_, one) for one in replayed])
            await job_rows.change(
                connection,
                id_,
                state="running",
                cursor=ids[-1],
                done=job.done + len(ids),
                counts=_counted(job.counts, replayed),
                updated_at=self.now(),
            )
        return True

    async def _replayed(self, connection: AsyncConnection, ids: list[UUID], against: Against) -> list[Replayed]:
        records = await archive.records_about(connection, ids)
        states = await archive.states(connection, ids)
        found = []
        for id_ in ids:
            if id_ not in states:
                continue
            found.append(await self._one(connection, id_, states[id_], records[id_], against))
            await asyncio.sleep(0)
        return found

    async def _one(
        self, connection: AsyncConnection, id_: UUID, state: DecisionState, records: list[Stored], against: Against
    ) -> Replayed:
        if against.record:
            own = next(record for record in records if record.id == id_)
            return await self.replayer.against_record(id_, state, own.body)
        superseder = await superseder_of(connection, state)
        try:
            return await self.replayer.against(id_, state, against, self.now(), superseder)
        except (FaultyRequest, LookupError, CannotRecompute, RuleFailure):  # one decision does not stop the others
            record = state.decision
            return Replayed(id_, state.name, state.digest, None, record, None, "other", problem="cannot_recompute")

    async def _settle(self, connection: AsyncConnection, job: UUID, replayed: list[Replayed]) -> None:
        """Takes away what was found before, and keeps what is left as found."""
        await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": job_rows.LOCK})
        settled = [one for one in replayed if one.settles]
        due = await found_before(connection, {one.id: one.decided_at for one in settled})
        rows: list[Json] = []
        for one in settled:
            one.owed = [beyond(one, owed, due) for owed in one.owed]
            if one.owed:
                one.cls = class_of([owed.fen for owed in one.owed])
            rows += [row for owed in one.owed for row in finding_rows(job, one, owed)]
        if rows:
            await connection.execute(insert(Finding), rows)


async def _seen(connection: AsyncConnection, caller: Caller, id_: UUID) -> Job:
    job = await job_rows.read(connection, id_)
    if not sees_all_of(caller, job.filter):
        raise UnknownJob
    return job


def against_of(plain: Json) -> Against:
    """What a job or a request is computed against."""
    return Against(
        record=plain.get("against") == "record",
        known_at=read_instant(plain["known_at"]) if plain.get("known_at") else None,
        date=dt.date.fromisoformat(plain["date"]) if plain.get("date") else None,
        ruleset=plain.get("ruleset"),
        parameters=plain.get("parameters"),
    )


async def superseder_of(connection: AsyncConnection, state: DecisionState) -> Json | None:
    """The record of the decision that took this one's place, if one did; of that which corrected it, if one has."""
    id_, found = state.superseded_by, None
    while id_ is not None:
        found = await archive.state(connection, id_)
        id_ = next((one.id for one in found.followers if one.corrects and one.decided), None)
    return found.decision if found else None


def _result_row(job: UUID, replayed: Replayed) -> Json:
    return {"job": job, "decision": replayed.id, "class": replayed.cls, "body": replayed.answer()}


def _counted(before: Json, replayed: list[Replayed]) -> Json:
    counts = dict(before)
    for one in replayed:
        counts[one.cls] = counts.get(one.cls, 0) + 1
        total = sum(owed.total or 0 for owed in one.owed)
        if one.cls in ("arrears", "overpaid"):
            counts[f"{one.cls}_fen"] = counts.get(f"{one.cls}_fen", 0) + total
    return counts
