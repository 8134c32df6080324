"""The rows of verifications: reading and adding them, and nothing of what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.tables import (
    Consent,
    Erasure,
    Identity,
    Verification,
    VerificationQuery,
    VerificationReport,
    VerificationResolution,
    VerificationReuse,
)
from app.rules.values.strict_json import Json
from app.verification.errors import UnknownVerification

_LOCK: Final = 0x76657269  # the class of locks of verifications


@dataclass(frozen=True)
class AskedRow:
    """A register to be asked about a person, and the facts in question."""

    person: str
    source: str
    pointers: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A verification as it was begun."""

    id: UUID
    jurisdiction: str
    decision: UUID | None
    identified_by: UUID
    purpose: str
    body: Json
    asked: tuple[AskedRow, ...]
    created_at: dt.datetime
    created_by: str

    @property
    def household(self) -> Json:
        found: Json = self.body["household"]
        return found


@dataclass(frozen=True)
class QueryRow:
    """A question to a platform and how far it has come."""

    id: UUID
    verification: UUID
    person: str
    sources: tuple[str, ...]
    until: dt.date
    created_at: dt.datetime
    state: str
    attempts: int
    sent_at: dt.datetime | None
    receipt: Json | None
    problem: str | None


@dataclass(frozen=True)
class ReportRow:
    """A report as it is kept."""

    verification: UUID
    number: int
    report: str
    query: UUID
    person: str
    source: str
    status: str
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


@dataclass(frozen=True)
class ConsentRow:
    """What a person agreed to."""

    person: str
    sources: tuple[str, ...]
    until: dt.date


async def lock(connection: AsyncConnection, id_: UUID) -> None:
    """Until the end of the transaction nobody else adds to the verification: what is added is numbered."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)}
    )


async def lock_key(connection: AsyncConnection, key: str) -> None:
    """Until the end of the transaction nobody else begins a verification with this key."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, hashtext(:key))"), {"kind": _LOCK, "key": key})


# What is read with each question and report is put together once, not each time.
_CASE: Final = select(
    col(Verification.jurisdiction),
    col(Verification.decision),
    col(Verification.identified_by),
    col(Verification.purpose),
    col(Verification.body),
    col(Verification.asked),
    col(Verification.created_at),
    col(Verification.created_by),
).where(col(Verification.id) == bindparam("of"))


async def case(connection: AsyncConnection, id_: UUID) -> Case:
    """A verification. UnknownVerification if there is none."""
    rows = await connection.execute(_CASE, {"of": id_})
    row = rows.first()
    if row is None:
        raise UnknownVerification
    place, decision, identified_by, purpose, body, asked, at, by = row
    entries = tuple(AskedRow(one["person"], one["source"], tuple(one["pointers"])) for one in asked)
    return Case(id_, place, decision, identified_by, purpose, body, entries, at, by)


async def by_key(connection: AsyncConnection, key: str) -> tuple[UUID, bytes] | None:
    """The verification that an idempotency key led to, and the mark of its request."""
    rows = await connection.execute(
        select(col(Verification.id), col(Verification.mark)).where(col(Verification.key) == key)
    )
    row = rows.first()
    return (row[0], bytes(row[1] or b"")) if row else None


async def begun_under(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, UUID]:
    """The verifications that were begun under some keys, by the key."""
    rows = await connection.execute(
        select(col(Verification.key), col(Verification.id)).where(col(Verification.key).in_(keys))
    )
    return {key: id_ for key, id_ in rows if key is not None}


async def persons(connection: AsyncConnection, identified_by: UUID) -> dict[str, tuple[str | None, bool]]:
    """The references of those who are identified, and whether they are erased."""
    rows = await connection.execute(
        select(col(Identity.person), col(Identity.ref), col(Erasure.at))
        .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
        .where(col(Identity.decision) == identified_by)
        .order_by(col(Identity.person))
    )
    return {person: (ref, erased is not None) for person, ref, erased in rows}


async def consents(connection: AsyncConnection, id_: UUID) -> list[ConsentRow]:
    rows = await connection.execute(
        select(col(Consent.person), col(Consent.sources), col(Consent.until))
        .where(col(Consent.verification) == id_)
        .order_by(col(Consent.recorded_at), col(Consent.id))
    )
    return [ConsentRow(person, tuple(sources), until) for person, sources, until in rows]


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


async def consents_of(
    connection: AsyncConnection, refs: Sequence[str], purpose: str, jurisdiction: str, today: dt.date
) -> list[tuple[str, tuple[str, ...], dt.date]]:
    """Whoever of some persons consented to a purpose in a place: to which registers, and until when. The longest first."""
    rows = await connection.execute(
        select(col(Identity.ref), col(Consent.sources), col(Consent.until))
        .join(Verification, col(Verification.id) == col(Consent.verification))
        .join(
            Identity,
            (col(Identity.decision) == col(Verification.identified_by)) & (col(Identity.person) == col(Consent.person)),
        )
        .where(
            col(Identity.ref).in_(refs),
            col(Consent.purpose) == purpose,
            col(Consent.until) >= today,
            col(Verification.jurisdiction) == jurisdiction,
        )
        .order_by(col(Consent.until).desc(), col(Consent.id))
    )
    return [(ref or "", tuple(sources), until) for ref, sources, until in rows]


_QUERIES: Final = (
    select(*_QUERY).where(col(VerificationQuery.verification) == bindparam("of")).order_by(col(VerificationQuery.id))
)


async def queries(connection: AsyncConnection, id_: UUID) -> list[QueryRow]:
    rows = await connection.execute(_QUERIES, {"of": id_})
    return [_query(row) for row in rows]


async def claim(connection: AsyncConnection, now: dt.datetime, lease: dt.timedelta) -> QueryRow | None:
    """The question that is longest due, this process's alone until the lease ends; None if none is due."""
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
    connection: AsyncConnection,
    served: Callable[[str], bool],
    now: dt.datetime,
    today: dt.date,
    lease: dt.timedelta,
    most: int,
) -> list[QueryRow]:
    """Questions that wait to be sent to some places, oldest first: those that are due, and those that are only being
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


async def _claimed(connection: AsyncConnection, which: ColumnElement[bool], until: dt.datetime) -> list[QueryRow]:
    """Some questions taken until an instant, as they were before; oldest first."""
    attempts = col(VerificationQuery.attempts)
    rows = await connection.execute(
        update(VerificationQuery).where(which).values(next_at=until, attempts=attempts + 1).returning(*_QUERY)
    )
    before = [replace(found, attempts=found.attempts - 1) for found in map(_query, rows)]
    return sorted(before, key=lambda one: one.id)


async def change(connection: AsyncConnection, query: UUID, **values: Any) -> None:
    await connection.execute(update(VerificationQuery).where(col(VerificationQuery.id) == query).values(**values))


async def reports(connection: AsyncConnection, id_: UUID) -> list[ReportRow]:
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


async def reuses(connection: AsyncConnection, id_: UUID) -> list[ReuseRow]:
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
    connection: AsyncConnection, ref: str, source: str, since: dt.date, jurisdiction: str
) -> tuple[UUID, ReportRow] | None:
    """The newest whole answer of a register on somebody in a place, and under what its person is identified."""
    rows = await connection.execute(
        _REPORTS.add_columns(col(Verification.identified_by))
        .join(Verification, col(Verification.id) == col(VerificationReport.verification))
        .join(
            Identity,
            (col(Identity.decision) == col(Verification.identified_by))
            & (col(Identity.person) == col(VerificationReport.person)),
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
        .limit(1)
    )
    row = rows.first()
    return (row[-1], _report(row[:-1])) if row else None


async def resolutions(connection: AsyncConnection, id_: UUID) -> list[tuple[int, int, str, str, dt.datetime, bytes]]:
    """Number, finding, person, who decided, when, and what is sealed; in the order in which they were made."""
    rows = await connection.execute(
        select(
            col(VerificationResolution.number),
            col(VerificationResolution.finding),
            col(VerificationResolution.person),
            col(VerificationResolution.subject),
            col(VerificationResolution.at),
            col(VerificationResolution.sealed),
        )
        .where(col(VerificationResolution.verification) == id_)
        .order_by(col(VerificationResolution.number))
    )
    return [
        (number, finding, person, subject, at, bytes(text_)) for number, finding, person, subject, at, text_ in rows
    ]


async def next_number(
    connection: AsyncConnection, table: type[VerificationReport] | type[VerificationResolution], id_: UUID
) -> int:
    """The next number of a verification, to be asked for under its lock."""
    last = await connection.scalar(select(func.max(col(table.number))).where(col(table.verification) == id_))
    return int(last or 0) + 1


async def add(connection: AsyncConnection, table: Any, rows: Sequence[Json]) -> None:
    if rows:
        await connection.execute(insert(table), list(rows))
