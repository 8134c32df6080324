"""SQL that finds decisions: by place, case, household, day, result, and by the rules, figures and documents they rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from app.core.paging import PAGE, Filter
from app.db.connection import Connection
from app.db.tables import Decision, Identity, Scope
from app.rules.engine.outcomes import Status
from app.rules.language.vocabulary import PROGRAMMES
from app.rules.packs.divisions import significant
from app.rules.values.strict_json import Json


def lies_in(jurisdiction: Mapped[str], areas: Iterable[str]) -> ColumnElement[bool]:
    """That a row's place lies in one of some areas."""
    return or_(false(), *(jurisdiction.like(area + "%") for area in areas))


def placed(filter_: Filter, jurisdiction: Mapped[str]) -> list[ColumnElement[bool]]:
    """The filter's place and areas, on any table that has a place."""
    found: list[ColumnElement[bool]] = []
    if filter_.jurisdiction is not None:
        found.append(jurisdiction.like(significant(filter_.jurisdiction) + "%"))
    if filter_.within is not None:
        found.append(lies_in(jurisdiction, filter_.within))
    return found


def conditions(filter_: Filter) -> list[ColumnElement[bool]]:
    """The filter on the table of decisions."""
    found = placed(filter_, col(Decision.jurisdiction))
    for column, value in (
        (col(Decision.case_number), filter_.case),
        (col(Decision.household_ref), filter_.household_ref),
        (col(Decision.ruleset), filter_.ruleset),
        (col(Decision.engine), filter_.engine),
    ):
        if value is not None:
            found.append(column == value)
    if filter_.start is not None:
        found.append(col(Decision.date) >= filter_.start)
    if filter_.until is not None:
        found.append(col(Decision.date) <= filter_.until)
    if filter_.person is not None:
        identified = select(col(Identity.decision)).where(col(Identity.ref) == filter_.person)
        found.append(col(Decision.id).in_(identified))
    found += _on_outcomes(filter_)
    found += _on_scope(filter_)
    return found


def _on_outcomes(filter_: Filter) -> list[ColumnElement[bool]]:
    """Results by programme and status: `dibao:eligible` among the outcomes."""
    if filter_.programme is None and filter_.status is None:
        return []
    programmes = [filter_.programme] if filter_.programme else list(PROGRAMMES)
    statuses = [filter_.status] if filter_.status else list(get_args(Status))
    wanted = [f"{programme}:{status}" for programme in programmes for status in statuses]
    return [col(Decision.outcomes).overlap(wanted)]  # type: ignore[attr-defined]  # a column of an array has it


def _on_scope(filter_: Filter) -> list[ColumnElement[bool]]:
    wanted = [
        (Scope.rules, filter_.rule),
        (Scope.parameters, filter_.parameter),
        (Scope.documents, filter_.document),
    ]
    asked = [col(column).contains([value]) for column, value in wanted if value is not None]
    if not asked:
        return []
    return [col(Decision.scope).in_(select(col(Scope.id)).where(and_(*asked)))]


async def page(
    connection: Connection, filter_: Filter, after: UUID | None, size: int = PAGE
) -> list[tuple[UUID, Json]]:
    """Decisions in the order they were made, with the columns a list shows."""
    named = (
        ("jurisdiction", col(Decision.jurisdiction)),
        ("case", col(Decision.case_number)),
        ("household_ref", col(Decision.household_ref)),
        ("kind", col(Decision.kind)),
        ("date", col(Decision.date)),
        ("accepted_on", col(Decision.accepted_on)),
        ("ruleset", col(Decision.ruleset)),
        ("engine", col(Decision.engine)),
        ("outcomes", col(Decision.outcomes)),
        ("corrects", col(Decision.corrects)),
        ("succeeds", col(Decision.succeeds)),
    )
    query = select(col(Decision.id), *(column for _, column in named)).where(*conditions(filter_))
    if after is not None:
        query = query.where(col(Decision.id) > after)
    rows = await connection.execute(query.order_by(col(Decision.id)).limit(size))
    return [(row[0], {name: _plain(value) for (name, _), value in zip(named, row[1:], strict=True)}) for row in rows]


async def ids(connection: Connection, filter_: Filter, after: UUID | None, size: int) -> list[UUID]:
    """The ids alone."""
    query = select(col(Decision.id)).where(*conditions(filter_))
    if after is not None:
        query = query.where(col(Decision.id) > after)
    rows = await connection.execute(query.order_by(col(Decision.id)).limit(size))
    return list(rows.scalars())


async def count(connection: Connection, filter_: Filter) -> int:
    found = await connection.execute(select(func.count()).select_from(Decision).where(*conditions(filter_)))
    return int(found.scalar_one())


async def sample(connection: Connection, filter_: Filter, seed: str, size: int) -> list[UUID]:
    """A sample that anyone can draw again: those whose SHA-256 of the seed and the id is smallest."""
    drawn = func.sha256(func.convert_to(func.concat(seed, ":", col(Decision.id)), "UTF8"))
    rows = await connection.execute(
        select(col(Decision.id)).where(*conditions(filter_)).order_by(drawn, col(Decision.id)).limit(size)
    )
    return list(rows.scalars())


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
