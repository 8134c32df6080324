"""SQL of replays and of the search for defects: jobs, their results, and the arrears that were found by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlmodel import col

from app.core.errors import UnknownJob
from app.core.paging import Filter
from app.db import trail
from app.db.connection import Connection
from app.db.tables import Finding, ReplayJob, ReplayResult
from app.decisions.replay.schemas import JobState
from app.rules.values.strict_json import Json

_LOCK: Final = 0x7265706C  # the class of locks of jobs; 0 of it orders those who look for arrears
JobKind = Literal["replay", "defect"]


@dataclass(frozen=True)
class Job:
    """A replay of many decisions, or the search for the effects of a defect, and how far it has come."""

    id: UUID
    kind: JobKind
    filter: Filter
    against: Json
    state: JobState
    cursor: UUID | None
    total: int
    done: int
    counts: Json
    problem: str | None
    created_at: dt.datetime
    updated_at: dt.datetime


@dataclass(frozen=True)
class FoundArrears:
    """The difference, in fen, that an earlier job found for one month of a result; `person` is empty for the household."""

    decision: UUID
    programme: str
    person: str
    month: dt.date
    job: UUID
    fen: int


_JOB: Final = tuple(
    col(column)
    for column in (
        ReplayJob.id,
        ReplayJob.kind,
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


async def add_job(connection: Connection, job: Job) -> None:
    """Stores a new job."""
    await trail.add(connection, ReplayJob, [vars(job) | {"filter": job.filter.plain()}])


async def job(connection: Connection, id_: UUID, kind: JobKind | None = None) -> Job:
    """Reads a job. UnknownJob if there is none, or none of this kind."""
    row = (await connection.execute(select(*_JOB).where(col(ReplayJob.id) == id_))).first()
    if row is None or kind not in (None, row[1]):
        raise UnknownJob
    id_, kind_, filter_, *rest = row
    return Job(id_, kind_, Filter.of(filter_), *rest)


async def unfinished_jobs(connection: Connection) -> list[UUID]:
    """Lists the jobs that are queued or running, oldest first."""
    rows = await connection.execute(
        select(col(ReplayJob.id)).where(col(ReplayJob.state).in_(("queued", "running"))).order_by(col(ReplayJob.id))
    )
    return list(rows.scalars())


async def change_job(connection: Connection, id_: UUID, **values: Any) -> None:
    """Stores new values of some columns of a job."""
    await connection.execute(update(ReplayJob).where(col(ReplayJob.id) == id_).values(**values))


async def take_job(connection: Connection, id_: UUID) -> bool:
    """Tries to make a job this process's alone; the database frees it if the process dies. False if another has it."""
    found = await connection.execute(
        text("SELECT pg_try_advisory_lock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)}
    )
    return bool(found.scalar_one())


async def free_job(connection: Connection, id_: UUID) -> None:
    """Lets other processes take a job again."""
    await connection.execute(text("SELECT pg_advisory_unlock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)})


async def add_results(connection: Connection, rows: list[Json]) -> None:
    """Stores results of a job: `job`, `decision`, `class` and the answer as `body`."""
    await trail.add(connection, ReplayResult, rows)


async def results(
    connection: Connection, job: UUID, after: UUID | None, size: int, class_: str | None = None
) -> list[Json]:
    """Reads results of a job in the order of their decisions, after one of them if `after` is given."""
    query = select(col(ReplayResult.body)).where(col(ReplayResult.job) == job)
    if after is not None:
        query = query.where(col(ReplayResult.decision) > after)
    if class_ is not None:
        query = query.where(col(ReplayResult.class_) == class_)
    rows = await connection.execute(query.order_by(col(ReplayResult.decision)).limit(size))
    return list(rows.scalars())


async def lock_arrears(connection: Connection) -> None:
    """Waits until no other transaction looks for arrears; the lock ends with the transaction."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, 0)"), {"kind": _LOCK})


async def arrears_of(connection: Connection, decisions: Iterable[UUID]) -> list[FoundArrears]:
    """Reads the arrears that were found for some decisions."""
    rows = await connection.execute(
        select(
            col(Finding.decision),
            col(Finding.programme),
            col(Finding.person),
            col(Finding.month),
            col(Finding.job),
            col(Finding.fen),
        ).where(col(Finding.decision).in_(list(decisions)))
    )
    return [FoundArrears(*row) for row in rows]


async def add_arrears(connection: Connection, found: list[FoundArrears]) -> None:
    """Stores arrears that were found, one row a month."""
    await trail.add(connection, Finding, [vars(one) for one in found])
