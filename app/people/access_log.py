"""The access log: every reading of personal data, by whom and for which purpose. Rows are only ever added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

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
            read = await repository.decisions_read(connection, decisions)
            sensitive = await repository.any_sensitive(connection, refs)
            rows = [entry | row | {"id": uuid4()} for row in _rows(read, caller, sensitive=sensitive)]
            await repository.add(connection, rows)

    async def page(self, filter_: AccessFilter, after: UUID | None, size: int) -> tuple[list[AccessEntry], UUID | None]:
        """A page of entries in the order they were written, and after which one the next page begins."""
        async with self.database.connect() as connection:
            rows = await repository.entries(connection, filter_, after, size)
        return [_entry(row) for row in rows], rows[-1]["id"] if len(rows) == size else None


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
