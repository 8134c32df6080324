"""The rows of alerts: reading and adding them, and nothing of what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, exists, false, insert, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.db.tables import Alert, AlertResolution, Verification, VerificationReport
from app.decisions.filters import Filter
from app.rules.household import significant

Json = dict[str, Any]
_WATCHING = ("review", "monitoring")


@dataclass(frozen=True)
class Raised:
    """What a list of alerts begins with: an event that was reported, or a verification that registers answered."""

    id: UUID
    source: Literal["event", "verification"]


@dataclass(frozen=True)
class AlertRow:
    """An event as it was reported."""

    id: UUID
    jurisdiction: str
    decision: UUID
    person: str
    kind: str
    day: dt.date
    value: str | None
    evidence: str | None
    reported_at: dt.datetime
    reported_by: str


@dataclass(frozen=True)
class ResolutionRow:
    """That an alert was dealt with."""

    by: str
    at: dt.datetime
    reason: str


async def raised(connection: AsyncConnection, where: Filter, after: UUID | None, size: int) -> list[Raised]:
    """Events, and verifications that watch over a decision and were answered, in the order of their time."""
    answered = exists().where(col(VerificationReport.verification) == col(Verification.id))
    events = select(col(Alert.id).label("id"), literal("event").label("source")).where(  # type: ignore[var-annotated]  # it infers none
        *_within(where, col(Alert.jurisdiction)), *_later(col(Alert.id), after)
    )
    verifications = select(col(Verification.id), literal("verification")).where(
        col(Verification.decision).is_not(None),
        col(Verification.purpose).in_(_WATCHING),
        answered,
        *_within(where, col(Verification.jurisdiction)),
        *_later(col(Verification.id), after),
    )
    both = union_all(events, verifications).subquery()
    rows = await connection.execute(select(both.c.id, both.c.source).order_by(both.c.id).limit(size))
    return [Raised(*row) for row in rows]


async def alerts(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, AlertRow]:
    """Alerts by their ids, those that there are."""
    columns = (getattr(Alert, name) for name in AlertRow.__dataclass_fields__)
    rows = await connection.execute(select(*columns).where(col(Alert.id).in_(list(ids))))
    return {row[0]: AlertRow(*row) for row in rows}


async def open_events(connection: AsyncConnection, after: UUID | None, size: int) -> list[AlertRow]:
    """Alerts that nobody dealt with, oldest first."""
    columns = (getattr(Alert, name) for name in AlertRow.__dataclass_fields__)
    resolved = exists().where(col(AlertResolution.alert) == col(Alert.id))
    query = select(*columns).where(~resolved, *_later(col(Alert.id), after))
    return [AlertRow(*row) for row in await connection.execute(query.order_by(col(Alert.id)).limit(size))]


async def begun(connection: AsyncConnection, keys: list[str]) -> set[str]:
    """Those keys under which a verification was begun."""
    rows = await connection.execute(select(col(Verification.key)).where(col(Verification.key).in_(keys)))
    return {key for key in rows.scalars() if key is not None}


async def resolutions(connection: AsyncConnection, ids: Iterable[UUID]) -> dict[UUID, ResolutionRow]:
    """What persons made of alerts."""
    rows = await connection.execute(
        select(
            col(AlertResolution.alert),
            col(AlertResolution.subject),
            col(AlertResolution.at),
            col(AlertResolution.reason),
        ).where(col(AlertResolution.alert).in_(list(ids)))
    )
    return {row[0]: ResolutionRow(*row[1:]) for row in rows}


async def add(connection: AsyncConnection, rows: list[Json]) -> list[UUID]:
    """Adds events; one that is there already is that one. Their ids, in order."""
    if not rows:
        return []
    await connection.execute(insert_new(Alert).on_conflict_do_nothing(), rows)
    same = [
        (col(Alert.decision) == row["decision"])
        & (col(Alert.person) == row["person"])
        & (col(Alert.kind) == row["kind"])
        & (col(Alert.day) == row["day"])
        for row in rows
    ]
    found = await connection.execute(select(col(Alert.id)).where(or_(*same)).order_by(col(Alert.id)))
    return list(found.scalars())


async def resolve(connection: AsyncConnection, id_: UUID, by: str, at: dt.datetime, reason: str) -> bool:
    """Whether it was open: nobody had dealt with it."""
    if id_ in await resolutions(connection, [id_]):
        return False
    await connection.execute(insert(AlertResolution), [{"alert": id_, "subject": by, "at": at, "reason": reason}])
    return True


def _within(where: Filter, column: Mapped[str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if where.jurisdiction is not None:
        found.append(column.like(significant(where.jurisdiction) + "%"))
    if where.within is not None:
        found.append(or_(false(), *(column.like(area + "%") for area in where.within)))
    return found


def _later(column: Mapped[UUID], after: UUID | None) -> list[ColumnElement[bool]]:
    return [] if after is None else [column > after]
