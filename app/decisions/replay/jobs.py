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
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.away import DatabaseAway
from app.db.database import Database
from app.db.tables import Finding, ReplayJob, ReplayResult
from app.decisions import archive, search
from app.decisions.archive import Stored
from app.decisions.failures import CannotRecompute, UnknownJob
from app.decisions.filters import Filter
from app.decisions.ids import new_id, time_of
from app.decisions.months import first_day, month_text
from app.decisions.replay.differences import CLASSES, class_of
from app.decisions.replay.replayer import Against, Owed, Replayed, Replayer
from app.decisions.state import DecisionState
from app.rules.assessment import RuleFailure
from app.rules.faults import FaultyRequest
from app.rules.money import format_fen
from app.rules.requests import read_instant

log: Final = logging.getLogger("doudi.replay")

PAGE: Final = 200
_IDLE_SECONDS: Final = 2.0
_LOCK: Final = 0x7265706C  # the class of locks of jobs; 0 of it orders those who look for what is due
_AS_SENT: Final = {"start": "from"}  # how a caller names what a filter calls otherwise
Json = dict[str, Any]
Due = dict[tuple[UUID, str, str, str], int]  # decision, programme, person, month -> fen found before


@dataclass(frozen=True)
class Job:
    """A replay of many decisions, and how far it has come."""

    id: UUID
    filter: Filter
    against: Json
    state: str
    cursor: UUID | None
    total: int
    done: int
    counts: Json
    problem: str | None
    created_at: dt.datetime
    updated_at: dt.datetime

    def answer(self) -> Json:
        return {
            "id": str(self.id),
            "state": self.state,
            "filter": {_AS_SENT.get(name, name): value for name, value in self.filter.plain().items()},
            "against": self.against,
            "progress": {"done": self.done, "total": self.total},
            "counts": {name: self.counts.get(name, 0) for name in CLASSES},
            "arrears_total": format_fen(self.counts.get("arrears_fen", 0)),
            "overpaid_total": format_fen(self.counts.get("overpaid_fen", 0)),
            "problem": self.problem,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


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
            job = await _job(connection, id_)
        self._wake.set()
        return job

    async def job(self, id_: UUID) -> Job:
        """How far a job has come. UnknownJob if there is none."""
        async with self.database.connect() as connection:
            return await _job(connection, id_)

    async def results(self, id_: UUID, after: UUID | None, size: int, class_: str | None = None) -> list[Json]:
        """A job's results in the order of the decisions. UnknownJob if there is none."""
        async with self.database.connect() as connection:
            await _job(connection, id_)
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
            for id_ in await _waiting(own):
                if await _lock(own, id_):
                    try:
                        await self._finish(id_)
                    finally:
                        await _unlock(own, id_)
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
                await _set(connection, id_, state="failed", problem=type(error).__name__, updated_at=self.now())

    async def _page(self, id_: UUID) -> bool:
        """The next page of a job; False once there is none."""
        async with self.database.begin() as connection:
            job = await _job(connection, id_)
            if job.state not in ("queued", "running"):
                return False
            ids = await search.ids(connection, job.filter, job.cursor, PAGE)
            if not ids:
                await _set(connection, id_, state="done", total=job.done, updated_at=self.now())
                return False
            against = against_of(job.against)
            replayed = await self._replayed(connection, ids, against)
            if against.settles:
                await self._settle(connection, id_, replayed)
            if replayed:
                await connection.execute(insert(ReplayResult), [_result_row(id_, one) for one in replayed])
            await _set(
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
        await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": _LOCK})
        settled = [one for one in replayed if one.settles]
        due = await _found_before(connection, {one.id: one.decided_at for one in settled})
        rows: list[Json] = []
        for one in settled:
            one.owed = [_beyond(one, owed, due) for owed in one.owed]
            if one.owed:
                one.cls = class_of([owed.fen for owed in one.owed])
            rows += [row for owed in one.owed for row in _finding_rows(job, one, owed)]
        if rows:
            await connection.execute(insert(Finding), rows)


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


def _beyond(replayed: Replayed, owed: Owed, due: Due) -> Owed:
    """What is owed for the months in which it was not found before. A month found with another amount stays open to a
    person: it is shown as not settled rather than counted twice."""
    if not owed.fen:
        return owed
    key = (replayed.id, owed.difference.programme, owed.difference.person or "")
    before = [due.get((*key, month), 0) for month in _counted_in(replayed, owed)]
    if any(fen not in (0, owed.fen) for fen in before):
        return replace(owed, fen=None)
    if not owed.difference.monthly:
        return replace(owed, fen=0) if before[0] else owed
    left = [month for month, fen in zip(owed.months, before, strict=True) if fen == 0]
    return replace(owed, months=left, fen=owed.fen if left or not owed.months else 0)


def _counted_in(replayed: Replayed, owed: Owed) -> list[str]:
    """The months a difference is found for; what is paid once or by the year is found for that of the decision."""
    return owed.months if owed.difference.monthly else [replayed.recorded["date"][:7]]


def _finding_rows(job: UUID, replayed: Replayed, owed: Owed) -> list[Json]:
    if not owed.fen:
        return []
    return [
        {
            "decision": replayed.id,
            "programme": owed.difference.programme,
            "person": owed.difference.person or "",
            "month": first_day(month),
            "job": job,
            "fen": owed.fen,
        }
        for month in _counted_in(replayed, owed)
    ]


async def _found_before(connection: AsyncConnection, decisions: dict[UUID, dt.datetime | None]) -> Due:
    """What was found for each month. What was found of a mere proposal counts no more once it is decided."""
    rows = await connection.execute(
        select(
            col(Finding.decision),
            col(Finding.programme),
            col(Finding.person),
            col(Finding.month),
            col(Finding.job),
            col(Finding.fen),
        ).where(col(Finding.decision).in_(decisions))
    )
    due: Due = {}
    for decision, programme, person, month, job, fen in rows:
        decided_at = decisions[decision]
        if decided_at is None or time_of(job) >= _to_the_millisecond(decided_at):
            key = (decision, programme, person, month_text(month))
            due[key] = due.get(key, 0) + fen
    return due


def _to_the_millisecond(at: dt.datetime) -> dt.datetime:
    """As exactly as the identifier of a job tells its time."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


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


async def _job(connection: AsyncConnection, id_: UUID) -> Job:
    row = (await connection.execute(select(*_COLUMNS).where(col(ReplayJob.id) == id_))).first()
    if row is None:
        raise UnknownJob
    id_, filter_, *rest = row
    return Job(id_, Filter.of(filter_), *rest)


_COLUMNS: Final = tuple(
    col(column)
    for column in (
        ReplayJob.id,
        ReplayJob.filter,
        ReplayJob.against,
        ReplayJob.state,
        ReplayJob.cursor,
        ReplayJob.total,
        ReplayJob.done,
        ReplayJob.counts,
        ReplayJob.problem,
        ReplayJob.created_at,
        ReplayJob.updated_at,
    )
)


async def _waiting(connection: AsyncConnection) -> list[UUID]:
    rows = await connection.execute(
        select(col(ReplayJob.id)).where(col(ReplayJob.state).in_(("queued", "running"))).order_by(col(ReplayJob.id))
    )
    return list(rows.scalars())


async def _set(connection: AsyncConnection, id_: UUID, **values: Any) -> None:
    await connection.execute(update(ReplayJob).where(col(ReplayJob.id) == id_).values(**values))


async def _lock(connection: AsyncConnection, id_: UUID) -> bool:
    """Whether the job is now this process's alone; the database frees it if the process dies."""
    found = await connection.execute(
        text("SELECT pg_try_advisory_lock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)}
    )
    return bool(found.scalar_one())


async def _unlock(connection: AsyncConnection, id_: UUID) -> None:
    await connection.execute(text("SELECT pg_advisory_unlock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)})
