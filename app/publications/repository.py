"""SQL of publications: what was submitted, what became of it, and the texts of packs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.core.paging import Filter
from app.db.connection import Connection
from app.db.tables import Decision, Publication, PublicationOutcome
from app.db.tables import Pack as PackRow
from app.decisions import search_repository
from app.publications.errors import UnknownPublication
from app.publications.schemas import State
from app.rules.packs.divisions import significant
from app.rules.packs.library import NATION
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Published:
    """A publication and its outcome; `outcome` is None while it is pending."""

    id: UUID
    form: Literal["shipped", "pack", "change"]
    jurisdiction: str
    packs: list[str]
    base: list[str]
    note: str | None
    submitted_by: str
    submitted_at: dt.datetime
    outcome: Literal["approved", "rejected"] | None
    decided_by: str | None
    decided_at: dt.datetime | None
    known_from: dt.datetime | None
    reason: str | None

    @property
    def state(self) -> State:
        return self.outcome or "pending"


async def publication(connection: Connection, id_: UUID) -> Published:
    """Reads a publication. UnknownPublication if there is none."""
    row = (await connection.execute(_all().where(col(Publication.id) == id_))).first()
    if row is None:
        raise UnknownPublication
    return _of(row)


async def page(
    connection: Connection, jurisdiction: str | None, state: str | None, after: UUID | None, size: int
) -> list[Published]:
    """Reads publications in the order they were submitted; those of a place include those of places below it."""
    query = _all().order_by(col(Publication.id)).limit(size)
    for condition in _conditions(jurisdiction, state, after):
        query = query.where(condition)
    return [_of(row) for row in await connection.execute(query)]


async def texts(connection: Connection, digests: list[str]) -> dict[str, tuple[str, str]]:
    """Reads division and text of packs by their digests."""
    rows = await connection.execute(
        select(col(PackRow.digest), col(PackRow.division), col(PackRow.body)).where(col(PackRow.digest).in_(digests))
    )
    return {digest: (division, body) for digest, division, body in rows}


async def store_pack(connection: Connection, row: Json) -> None:
    """Stores the text of a pack, once."""
    await connection.execute(insert(PackRow).on_conflict_do_nothing(), [row])


async def decisions_before(
    connection: Connection, filter_: Filter, before: UUID | None, size: int
) -> list[tuple[UUID, str | None]]:
    """Reads decisions with their households, the newest first, those before an id if one is given."""
    query = select(col(Decision.id), col(Decision.household_ref)).where(*search_repository.conditions(filter_))
    if before is not None:
        query = query.where(col(Decision.id) < before)
    rows = await connection.execute(query.order_by(col(Decision.id).desc()).limit(size))
    return [(id_, household) for id_, household in rows]


def _conditions(jurisdiction: str | None, state: str | None, after: UUID | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    outcome = col(PublicationOutcome.outcome)
    if jurisdiction == NATION:
        found.append(col(Publication.jurisdiction) == NATION)
    elif jurisdiction is not None:
        found.append(col(Publication.jurisdiction).like(significant(jurisdiction) + "%"))
    if state is not None:
        found.append(outcome.is_(None) if state == "pending" else outcome == state)
    if after is not None:
        found.append(col(Publication.id) > after)
    return found


def _all() -> Select[Any]:
    columns: tuple[Any, ...] = (
        col(Publication.id),
        col(Publication.form),
        col(Publication.jurisdiction),
        col(Publication.packs),
        col(Publication.base),
        col(Publication.note),
        col(Publication.submitted_by),
        col(Publication.submitted_at),
        col(PublicationOutcome.outcome),
        col(PublicationOutcome.decided_by),
        col(PublicationOutcome.decided_at),
        col(PublicationOutcome.known_from),
        col(PublicationOutcome.reason),
    )
    return select(*columns).outerjoin(PublicationOutcome, col(PublicationOutcome.publication) == col(Publication.id))


def _of(row: Any) -> Published:
    id_, form, jurisdiction, packs, base, *rest = row
    return Published(id_, form, jurisdiction, list(packs), list(base), *rest)
