"""The access log: every reading of personal data, by whom and for which purpose. Rows are only ever added."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from app.core.errors import DatabaseAway
from app.db.connection import Connection
from app.db.database import Database
from app.decisions.records import instant_text
from app.people import access_log_repository as repository
from app.people.access_log_repository import DecisionRead
from app.people.purposes import Purposes
from app.people.schemas import AccessEntry, AccessFilter
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.security.callers import COUNTRY, Caller

PURPOSE: Final = "/header/purpose"


@dataclass(frozen=True)
class Access:
    """Writes down who reads, and shows it to auditors."""

    database: Database
    purposes: Purposes
    now: Callable[[], dt.datetime]
    _waiting: list[tuple[Json, Caller, set[UUID], asyncio.Future[None]]] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

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
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, caller, set(decisions), written))
        async with self._turn:  # who comes first writes for all who wait meanwhile: the trail takes them one by one
            if not written.done():
                await self._write()
        await written

    async def _write(self) -> None:
        """Writes what waits in one transaction; whoever waits learns how that went."""
        batch = self._waiting.copy()
        self._waiting.clear()
        failed: Exception | None = DatabaseAway()  # for whoever waits, if the one that writes is sent away
        try:
            async with self.database.begin() as connection:
                rows = [
                    row for entry, caller, ids, _ in batch for row in await _entries(connection, entry, caller, ids)
                ]
                await repository.add(connection, rows)
            failed = None
        except Exception as error:
            failed = error
        finally:
            for *_, written in batch:
                if not written.done():
                    written.set_exception(failed) if failed else written.set_result(None)

    async def page(self, filter_: AccessFilter, after: UUID | None, size: int) -> tuple[list[AccessEntry], UUID | None]:
        """A page of entries in the order they were written, and after which one the next page begins."""
        async with self.database.connect() as connection:
            rows = await repository.entries(connection, filter_, after, size)
        return [_entry(row) for row in rows], rows[-1]["id"] if len(rows) == size else None


async def _entries(connection: Connection, entry: Json, caller: Caller, decisions: set[UUID]) -> list[Json]:
    """The rows of one reading."""
    read = await repository.decisions_read(connection, decisions)
    sensitive = await repository.any_sensitive(connection, entry["persons"])
    return [entry | row | {"id": uuid4()} for row in _rows(read, caller, sensitive=sensitive)]


def _rows(read: list[DecisionRead], caller: Caller, *, sensitive: bool) -> Iterator[Json]:
    """One for each jurisdiction of what was read; what is about no decision belongs to the caller's own areas."""
    for jurisdiction in sorted({one.jurisdiction for one in read}):
        here = [one for one in read if one.jurisdiction == jurisdiction]
        yield {
            "jurisdiction": jurisdiction,
            "decisions": sorted(one.id for one in here),
            "sensitive": sensitive or any(one.sensitive for one in here),
        }
    if not read:
        for area in caller.areas or (COUNTRY,):
            yield {"jurisdiction": area, "decisions": [], "sensitive": sensitive}


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
