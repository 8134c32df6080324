"""The access log: every reading of personal data, by whom and for which purpose. Rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, func, insert, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.database import Database
from app.db.tables import AccessLog, Decision, Identity
from app.decisions.records import instant_text
from app.decisions.search_repository import lies_in
from app.people.purposes import Purposes
from app.people.schemas import AccessEntry, AccessFilter
from app.rules.facts.request import SHANGHAI
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.security.callers import COUNTRY, Caller

PURPOSE: Final = "/header/purpose"


class Access:
    """Writes down who reads, and shows it to auditors."""

    def __init__(self, database: Database, purposes: Purposes, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.purposes = purposes
        self.now = now

    def purpose(self, caller: Caller, named: str | None, where: str = PURPOSE) -> str:
        """The purpose a caller names, else the ordinary one of its role. FaultyRequest for one that it may not have."""
        if named is None:
            return self.purposes.ordinary_of(caller)
        if not self.purposes.may_name(caller, named):
            raise FaultyRequest([Fault(where, "not_allowed")])
        return named

    async def read(
        self,
        caller: Caller,
        action: str,
        *,
        decisions: Iterable[UUID] = (),
        persons: Iterable[str] = (),
        household_ref: str | None = None,
        purpose: str | None = None,
    ) -> None:
        """Writes that a caller reads about decisions or persons: to be awaited before the answer leaves.

        `action` is the permission it reads by, `purpose` what it named. FaultyRequest as `purpose` says; DatabaseAway:
        what cannot be written down is not to be shown. One row for each jurisdiction, so that its auditor sees it.
        """
        refs = sorted(set(persons))
        entry: Json = {
            "at": self.now(),
            "subject": caller.subject,
            "roles": sorted(caller.roles),
            "areas": sorted(caller.areas),
            "action": action,
            "purpose": self.purpose(caller, purpose),
            "persons": refs,
            "household_ref": household_ref,
        }
        async with self.database.begin() as connection:
            places = await _places(connection, set(decisions))
            of_child = await _of_children(connection, refs)
            rows = [entry | row | {"id": uuid4()} for row in _rows(places, caller, sensitive=of_child)]
            await connection.execute(insert(AccessLog), rows)

    async def page(self, filter_: AccessFilter, after: UUID | None, size: int) -> tuple[list[AccessEntry], UUID | None]:
        """A page of entries in the order they were written, and after which one the next page begins."""
        query = select(AccessLog.__table__).where(*_conditions(filter_))  # type: ignore[attr-defined]  # a table has it
        order = col(AccessLog.at), col(AccessLog.id)
        if after is not None:
            last = select(*order).where(col(AccessLog.id) == after).subquery()
            query = query.where(tuple_(*order) > select(last.c.at, last.c.id).scalar_subquery())
        async with self.database.connect() as connection:
            rows = (await connection.execute(query.order_by(*order).limit(size))).mappings().all()
        return [_entry(row) for row in rows], rows[-1]["id"] if len(rows) == size else None


@dataclass(frozen=True)
class _Read:
    """A decision that was read."""

    id: UUID
    jurisdiction: str
    sensitive: bool


async def _places(connection: AsyncConnection, decisions: set[UUID]) -> list[_Read]:
    if not decisions:
        return []
    of_child = exists().where(col(Identity.decision) == col(Decision.id), col(Identity.sensitive))
    rows = await connection.execute(
        select(col(Decision.id), col(Decision.jurisdiction), of_child).where(col(Decision.id).in_(decisions))
    )
    return [_Read(*row) for row in rows]


async def _of_children(connection: AsyncConnection, persons: Sequence[str]) -> bool:
    if not persons:
        return False
    found = await connection.execute(select(exists().where(col(Identity.ref).in_(persons), col(Identity.sensitive))))
    return bool(found.scalar_one())


def _rows(places: list[_Read], caller: Caller, *, sensitive: bool) -> Iterator[Json]:
    """By jurisdiction; what is about no decision belongs to the caller's own areas."""
    for jurisdiction in sorted({one.jurisdiction for one in places}):
        here = [one for one in places if one.jurisdiction == jurisdiction]
        yield {
            "jurisdiction": jurisdiction,
            "decisions": sorted(one.id for one in here),
            "sensitive": sensitive or any(one.sensitive for one in here),
        }
    if not places:
        for area in caller.areas or (COUNTRY,):
            yield {"jurisdiction": area, "decisions": [], "sensitive": sensitive}


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
    """What was read of a person: it is named, or a decision in which it is identified was read."""
    theirs = select(func.array_agg(col(Identity.decision))).where(col(Identity.ref) == person).scalar_subquery()
    decisions: Any = col(AccessLog.decisions)  # a column of an array, which `col` does not say
    return or_(col(AccessLog.persons).contains([person]), decisions.overlap(theirs))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), SHANGHAI)


def _entry(row: Any) -> AccessEntry:
    kept = {name: value for name, value in row.items() if name != "id"}
    return AccessEntry(
        **kept
        | {
            "at": instant_text(row["at"]),
            "areas": [area or _NATION for area in row["areas"]],
            "jurisdiction": row["jurisdiction"] or _NATION,
            "decisions": [str(id_) for id_ in row["decisions"]],
        }
    )


_NATION: Final = "CN"  # how a token names the whole country
