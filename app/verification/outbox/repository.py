"""SQL of queries to platforms and of the reports that answer them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlmodel import col

from app.db import trail
from app.db.connection import Connection
from app.db.tables import Identity, Verification, VerificationQuery, VerificationReport, VerificationReuse
from app.rules.values.strict_json import Json
from app.verification.exchange.protocol import Status
from app.verification.outbox.queries import Change, QueryRow, QueryState, columns


@dataclass(frozen=True)
class ReportRow:
    """A report as it is kept."""

    verification: UUID
    number: int
    report: str
    query: UUID
    person: str
    source: str
    status: Status
    as_of: dt.date
    received_at: dt.datetime
    mark: bytes
    sealed: bytes


@dataclass(frozen=True)
class ReuseRow:
    """That a report of another verification was taken over."""

    person: str
    source: str
    from_verification: UUID


_QUERY: Final = (
    col(VerificationQuery.id),
    col(VerificationQuery.verification),
    col(VerificationQuery.person),
    col(VerificationQuery.sources),
    col(VerificationQuery.until),
    col(VerificationQuery.created_at),
    col(VerificationQuery.state),
    col(VerificationQuery.attempts),
    col(VerificationQuery.sent_at),
    col(VerificationQuery.receipt),
    col(VerificationQuery.problem),
)


def _query(row: Any) -> QueryRow:
    id_, verification, person, sources, *rest = row
    return QueryRow(id_, verification, person, tuple(sources), *rest)


_QUERIES: Final = (
    select(*_QUERY).where(col(VerificationQuery.verification) == bindparam("of")).order_by(col(VerificationQuery.id))
)


async def queries(connection: Connection, id_: UUID) -> list[QueryRow]:
    """The queries of a verification, oldest first."""
    rows = await connection.execute(_QUERIES, {"of": id_})
    return [_query(row) for row in rows]


async def claim(connection: Connection, now: dt.datetime, lease: dt.timedelta) -> QueryRow | None:
    """The query that is longest due, this process's alone until the lease ends; None if none is due."""
    due = (
        select(col(VerificationQuery.id))
        .where(col(VerificationQuery.state).in_(("queued", "sent")), col(VerificationQuery.next_at) <= now)
        .order_by(col(VerificationQuery.next_at))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    claimed = await _claimed(connection, col(VerificationQuery.id) == due, now + lease)
    return claimed[0] if claimed else None


async def claim_queued(
    connection: Connection,
    served: Callable[[str], bool],
    now: dt.datetime,
    today: dt.date,
    lease: dt.timedelta,
    most: int,
) -> list[QueryRow]:
    """Queries that wait to be sent to some places, oldest first: those that are due, and those that are only being
    gathered. This process's alone until the lease ends. What is tried again later, or worked on, is left."""
    found = await connection.execute(
        select(col(VerificationQuery.id), col(Verification.jurisdiction))
        .join(Verification, col(Verification.id) == col(VerificationQuery.verification))
        .where(
            col(VerificationQuery.state) == "queued",
            col(VerificationQuery.until) >= today,
            or_(col(VerificationQuery.attempts) == 0, col(VerificationQuery.next_at) <= now),
        )
        .order_by(col(VerificationQuery.id))
        .limit(most)
        .with_for_update(skip_locked=True, of=VerificationQuery)
    )
    ids = [id_ for id_, jurisdiction in found if served(jurisdiction)]
    return await _claimed(connection, col(VerificationQuery.id).in_(ids), now + lease)


async def _claimed(connection: Connection, which: ColumnElement[bool], until: dt.datetime) -> list[QueryRow]:
    """Takes queries until an instant; returns them as they were before, oldest first."""
    attempts = col(VerificationQuery.attempts)
    rows = await connection.execute(
        update(VerificationQuery).where(which).values(next_at=until, attempts=attempts + 1).returning(*_QUERY)
    )
    before = [replace(found, attempts=found.attempts - 1) for found in map(_query, rows)]
    return sorted(before, key=lambda one: one.id)


async def state_of(connection: Connection, query: UUID) -> QueryState:
    """The state a query is in; to be read under the lock of its verification before a change."""
    state: QueryState = await connection.scalar(
        select(col(VerificationQuery.state)).where(col(VerificationQuery.id) == query)
    )
    return state


async def change(connection: Connection, query: UUID, change: Change) -> None:
    """Writes a change of a query."""
    await connection.execute(
        update(VerificationQuery).where(col(VerificationQuery.id) == query).values(**columns(change))
    )


async def add_query(connection: Connection, row: Json) -> None:
    """Adds a query."""
    await trail.add(connection, VerificationQuery, [row])


async def reports(connection: Connection, id_: UUID) -> list[ReportRow]:
    """The reports in the order in which they were applied."""
    rows = await connection.execute(_REPORTS_OF, {"of": id_})
    return [_report(row) for row in rows]


def _report(row: Any) -> ReportRow:
    verification, number, report, query, person, source, status, as_of, at, mark, sealed = row
    return ReportRow(verification, number, report, query, person, source, status, as_of, at, bytes(mark), bytes(sealed))


_REPORTS: Final = select(
    col(VerificationReport.verification),
    col(VerificationReport.number),
    col(VerificationReport.report),
    col(VerificationReport.query),
    col(VerificationReport.person),
    col(VerificationReport.source),
    col(VerificationReport.status),
    col(VerificationReport.as_of),
    col(VerificationReport.received_at),
    col(VerificationReport.mark),
    col(VerificationReport.sealed),
).order_by(col(VerificationReport.number))
_REPORTS_OF: Final = _REPORTS.where(col(VerificationReport.verification) == bindparam("of"))


async def add_report(connection: Connection, row: Json) -> None:
    """Adds a report."""
    await trail.add(connection, VerificationReport, [row])


async def next_number(connection: Connection, id_: UUID) -> int:
    """The number of the next report of a verification; to be read under its lock."""
    of = col(VerificationReport.verification) == id_
    return int(await connection.scalar(select(func.max(col(VerificationReport.number))).where(of)) or 0) + 1


async def add_reuse(connection: Connection, row: Json) -> None:
    """Adds that a report of another verification was taken over."""
    await trail.add(connection, VerificationReuse, [row])


async def reuses(connection: Connection, id_: UUID) -> list[ReuseRow]:
    """The reports that a verification took over from others, by person and register."""
    rows = await connection.execute(
        select(
            col(VerificationReuse.person),
            col(VerificationReuse.source),
            col(VerificationReuse.from_verification),
        )
        .where(col(VerificationReuse.verification) == id_)
        .order_by(col(VerificationReuse.person), col(VerificationReuse.source))
    )
    return [ReuseRow(*row) for row in rows]


async def reported_before(
    connection: Connection, ref: str, source: str, since: dt.date, jurisdiction: str
) -> list[tuple[UUID, ReportRow]]:
    """The whole answers that a register gave on somebody in a place, the newest first, each with what its person is
    identified under. What was taken over is none: it was asked under the identity of another verification."""
    rows = await connection.execute(
        _REPORTS.add_columns(col(Verification.identified_by))
        .join(Verification, col(Verification.id) == col(VerificationReport.verification))
        .join(
            Identity,
            (col(Identity.decision) == col(Verification.identified_by))
            & (col(Identity.person) == col(VerificationReport.person)),
        )
        .join(
            VerificationQuery,
            (col(VerificationQuery.id) == col(VerificationReport.query))
            & (col(VerificationQuery.verification) == col(VerificationReport.verification)),
        )
        .where(
            col(Identity.ref) == ref,
            col(VerificationReport.source) == source,
            col(VerificationReport.status).in_(("answered", "no_record")),
            col(VerificationReport.as_of) >= since,
            col(Verification.jurisdiction) == jurisdiction,
        )
        .order_by(None)
        .order_by(col(VerificationReport.as_of).desc(), col(VerificationReport.received_at).desc())
    )
    return [(row[-1], _report(row[:-1])) for row in rows]
