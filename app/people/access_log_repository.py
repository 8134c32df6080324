"""SQL of the access log: rows are added, and found by what they are about. They are never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select, tuple_
from sqlmodel import col

from app.db import trail
from app.db.connection import Connection
from app.db.tables import AccessLog, Decision, Identity
from app.decisions.search_repository import lies_in
from app.people.schemas import AccessFilter
from app.rules.facts.request import SHANGHAI
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class DecisionRead:
    """A decision that was read, and whether somebody identified in it is of an age whose data is sensitive."""

    id: UUID
    jurisdiction: str
    sensitive: bool


async def decisions_read(connection: Connection, ids: Iterable[UUID]) -> list[DecisionRead]:
    """Decisions by their ids, those that there are."""
    wanted = set(ids)
    if not wanted:
        return []
    of_child = exists().where(col(Identity.decision) == col(Decision.id), col(Identity.sensitive))
    rows = await connection.execute(
        select(col(Decision.id), col(Decision.jurisdiction), of_child).where(col(Decision.id).in_(wanted))
    )
    return [DecisionRead(*row) for row in rows]


async def any_sensitive(connection: Connection, refs: Sequence[str]) -> bool:
    """Tells if one of some persons was a child of an age whose data is sensitive."""
    if not refs:
        return False
    found = await connection.execute(select(exists().where(col(Identity.ref).in_(refs), col(Identity.sensitive))))
    return bool(found.scalar_one())


async def add(connection: Connection, rows: Sequence[Json]) -> None:
    """Adds entries."""
    await trail.add(connection, AccessLog, rows)


async def entries(connection: Connection, filter_: AccessFilter, after: UUID | None, size: int) -> Sequence[Any]:
    """Entries that fit a filter, in the order they were written, as mappings of their columns."""
    query = select(AccessLog.__table__).where(*_conditions(filter_))  # type: ignore[attr-defined]  # a table has it
    order = col(AccessLog.at), col(AccessLog.id)
    if after is not None:
        last = select(*order).where(col(AccessLog.id) == after).subquery()
        query = query.where(tuple_(*order) > select(last.c.at, last.c.id).scalar_subquery())
    found: Sequence[Any] = (await connection.execute(query.order_by(*order).limit(size))).mappings().all()
    return found


def _conditions(filter_: AccessFilter) -> list[ColumnElement[bool]]:
    found = [lies_in(col(AccessLog.jurisdiction), filter_.within)]
    if filter_.start is not None and filter_.start > dt.date.min:  # midnight in Shanghai is the day before elsewhere
        found.append(col(AccessLog.at) >= _midnight(filter_.start))
    if filter_.until is not None and filter_.until < dt.date.max:
        found.append(col(AccessLog.at) < _midnight(filter_.until) + dt.timedelta(days=1))
    for column, value in ((col(AccessLog.subject), filter_.subject), (col(AccessLog.purpose), filter_.purpose)):
        if value is not None:
            found.append(column == value)
    if filter_.decision is not None:
        found.append(col(AccessLog.decisions).contains([filter_.decision]))
    if filter_.person is not None:
        found.append(_about(filter_.person))
    return found


def _about(person: str) -> ColumnElement[bool]:
    """The entries about a person: it is named, or a decision in which it is identified was read."""
    theirs = select(func.array_agg(col(Identity.decision))).where(col(Identity.ref) == person).scalar_subquery()
    decisions: Any = col(AccessLog.decisions)  # a column of an array, which `col` does not say
    return or_(col(AccessLog.persons).contains([person]), decisions.overlap(theirs))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)
