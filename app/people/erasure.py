"""Erasing a person: the keys of what is sealed about it in every decision are destroyed, and the marks that find it.

The records stay, and with them every proof: they hold only commitments, which say nothing without the sealed salts.
docs/personal-data.md says what is gone when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from app.core.errors import Conflict, UnknownPerson
from app.core.months import this_month
from app.db.connection import Connection
from app.db.database import Database
from app.decisions.records import instant_text
from app.people import repository
from app.people.repository import ErasureRow
from app.people.schemas import Erased, Ground
from app.people.support import is_supported
from app.security.callers import Caller
from app.security.repository import lock_identities


@dataclass(frozen=True)
class Erasures:
    """Erases persons, each once."""

    database: Database
    now: Callable[[], dt.datetime]

    async def erase(self, caller: Caller, ref: str, reason: Ground) -> Erased:
        """Name and ID number of a person are gone from every decision. Again, it is answered as the first time.

        UnknownPerson if no decision in the caller's areas is about it; Conflict if some are and others are not: it is
        erased everywhere or not at all. Conflict also while support is paid every month: a later decision could not be
        told to be about the same person.
        """
        async with self.database.begin() as connection:
            await lock_identities(connection)
            await _must_cover(connection, caller, ref)
            done = await repository.erasure_of(connection, ref)
            if done is None:
                if await is_supported(connection, ref, this_month(self.now())):
                    raise Conflict("support_stands")
                done = ErasureRow(ref, self.now(), caller.subject, reason)
                await repository.erase(connection, done)
        await self.clear_away()
        return _erased(done)

    async def clear_away(self) -> None:
        """Overwrites deleted rows at once. Where the service may not do that (PostgreSQL before 17), they lie in the tables
        until the database tidies up by itself."""
        async with self.database.connect() as connection:
            await repository.clear_away(connection)


async def _must_cover(connection: Connection, caller: Caller, ref: str) -> None:
    covered = [caller.covers(place) for place in await repository.jurisdictions_of(connection, ref)]
    if not any(covered):
        raise UnknownPerson
    if not all(covered):
        raise Conflict("recorded_elsewhere")


def _erased(row: ErasureRow) -> Erased:
    return Erased(person=row.ref, erased_at=instant_text(row.at), by=row.subject, reason=cast("Ground", row.reason))
