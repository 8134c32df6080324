"""A job over many decisions as a row: what it is about, how far it has come, and who works on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.errors import UnknownJob
from app.core.paging import Filter
from app.db.tables import ReplayJob
from app.decisions.replay.differences import CLASSES
from app.rules.values.money import format_fen
from app.rules.values.strict_json import Json

LOCK: Final = 0x7265706C  # the class of locks of jobs; 0 of it orders those who look for what is due
JobKind = Literal["replay", "defect"]
_AS_SENT: Final = {"start": "from"}  # how a caller names what a filter calls otherwise


@dataclass(frozen=True)
class Job:
    """A replay of many decisions, or the search for what a defect did, and how far it has come."""

    id: UUID
    kind: JobKind
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
            "filter": {_AS_SENT.get(n, n): value for n, value in self.filter.plain().items() if n != "within"},
            "against": self.against,
            "progress": {"done": self.done, "total": self.total},
            "counts": {name: self.counts.get(name, 0) for name in CLASSES},
            "arrears_total": format_fen(self.counts.get("arrears_fen", 0)),
            "overpaid_total": format_fen(self.counts.get("overpaid_fen", 0)),
            "problem": self.problem,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


async def read(connection: AsyncConnection, id_: UUID, kind: JobKind | None = None) -> Job:
    """A job. UnknownJob if there is none, or none of this kind."""
    row = (await connection.execute(select(*_COLUMNS).where(col(ReplayJob.id) == id_))).first()
    if row is None or kind not in (None, row[1]):
        raise UnknownJob
    id_, kind_, filter_, *rest = row
    return Job(id_, kind_, Filter.of(filter_), *rest)


_COLUMNS: Final = tuple(
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


async def waiting(connection: AsyncConnection) -> list[UUID]:
    rows = await connection.execute(
        select(col(ReplayJob.id)).where(col(ReplayJob.state).in_(("queued", "running"))).order_by(col(ReplayJob.id))
    )
    return list(rows.scalars())


async def change(connection: AsyncConnection, id_: UUID, **values: Any) -> None:
    await connection.execute(update(ReplayJob).where(col(ReplayJob.id) == id_).values(**values))


async def take(connection: AsyncConnection, id_: UUID) -> bool:
    """Whether the job is now this process's alone; the database frees it if the process dies."""
    found = await connection.execute(
        text("SELECT pg_try_advisory_lock(:kind, hashtext(:id))"), {"kind": LOCK, "id": str(id_)}
    )
    return bool(found.scalar_one())


async def free(connection: AsyncConnection, id_: UUID) -> None:
    await connection.execute(text("SELECT pg_advisory_unlock(:kind, hashtext(:id))"), {"kind": LOCK, "id": str(id_)})
