"""Publications as they are kept: what was submitted, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.tables import Pack as PackRow
from app.db.tables import Publication, PublicationOutcome
from app.publications.errors import UnknownPublication
from app.rules.packs.divisions import significant
from app.rules.packs.library import NATION
from app.rules.values.strict_json import Json


@dataclass(frozen=True)
class Published:
    """A publication and its outcome; `outcome` is None while it is pending."""

    id: UUID
    form: str
    jurisdiction: str
    packs: list[str]
    base: list[str]
    note: str | None
    submitted_by: str
    submitted_at: dt.datetime
    outcome: str | None
    decided_by: str | None
    decided_at: dt.datetime | None
    known_from: dt.datetime | None
    reason: str | None

    @property
    def state(self) -> str:
        return self.outcome or "pending"

    def row(self) -> Json:
        """As a list shows it."""
        decided = {
            "by": self.decided_by,
            "at": self.decided_at.isoformat() if self.decided_at else None,
            "known_from": self.known_from.isoformat() if self.known_from else None,
            "reason": self.reason,
        }
        return {
            "id": str(self.id),
            "form": self.form,
            "jurisdiction": self.jurisdiction,
            "state": self.state,
            "packs": self.packs,
            "submitted_by": self.submitted_by,
            "submitted_at": self.submitted_at.isoformat(),
            "note": self.note,
            "outcome": decided if self.outcome else None,
        }


async def publication(connection: AsyncConnection, id_: UUID) -> Published:
    """One publication. UnknownPublication if there is none."""
    row = (await connection.execute(_all().where(col(Publication.id) == id_))).first()
    if row is None:
        raise UnknownPublication
    return _of(row)


async def page(
    connection: AsyncConnection, jurisdiction: str | None, state: str | None, after: UUID | None, size: int
) -> list[Published]:
    """Publications in the order they were submitted; those of a place are its own and those of places below it."""
    query = _all().order_by(col(Publication.id)).limit(size)
    for condition in _conditions(jurisdiction, state, after):
        query = query.where(condition)
    return [_of(row) for row in await connection.execute(query)]


async def texts(connection: AsyncConnection, digests: list[str]) -> dict[str, tuple[str, str]]:
    """Division and text of packs by their digests."""
    rows = await connection.execute(
        select(col(PackRow.digest), col(PackRow.division), col(PackRow.body)).where(col(PackRow.digest).in_(digests))
    )
    return {digest: (division, body) for digest, division, body in rows}


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
