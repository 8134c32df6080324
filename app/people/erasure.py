"""Erasing a person: the keys of what is sealed about it in every decision are destroyed, and the marks that find it.

The records stay, and with them every proof: they hold only commitments, which say nothing without the sealed salts.
docs/personal-data.md says what is gone when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import cast

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.errors import Conflict, UnknownPerson
from app.db.database import Database
from app.db.tables import Decision, Erasure, Identity, IdentityKey, PersonMark, Verification
from app.decisions.records import instant_text
from app.people.schemas import Erased, Ground
from app.security.callers import Caller
from app.security.repository import lock_identities


class Erasures:
    """Erases persons, each once."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        self.database = database
        self.now = now

    async def erase(self, caller: Caller, ref: str, reason: Ground) -> Erased:
        """Name and ID number of a person are gone from every decision. Again, it is answered as the first time.

        UnknownPerson if no decision in the caller's areas is about it; Conflict if some are and others are not: it is
        erased everywhere or not at all.
        """
        async with self.database.begin() as connection:
            await lock_identities(connection)
            await _must_cover(connection, caller, ref)
            done = await _done(connection, ref)
            if done is None:
                await self._destroy(connection, ref)
                at = self.now()
                row = {"ref": ref, "at": at, "subject": caller.subject, "reason": reason}
                await connection.execute(insert(Erasure), [row])
                done = _erased(ref, at, caller.subject, reason)
        await self.clear_away()
        return done

    async def clear_away(self) -> None:
        """What was deleted does not lie about in the tables until the database tidies up by itself. Where the service
        may not do that (PostgreSQL before 17) it waits for that."""
        async with self.database.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("VACUUM (SKIP_LOCKED) identity_key, person_mark"))

    async def _destroy(self, connection: AsyncConnection, ref: str) -> None:
        keys = select(col(Identity.key)).where(col(Identity.ref) == ref)
        await connection.execute(delete(IdentityKey).where(col(IdentityKey.id).in_(keys)))
        await connection.execute(delete(PersonMark).where(col(PersonMark.ref) == ref))


async def _must_cover(connection: AsyncConnection, caller: Caller, ref: str) -> None:
    rows = await connection.execute(
        select(col(Decision.jurisdiction))
        .join(Identity, col(Identity.decision) == col(Decision.id))
        .where(col(Identity.ref) == ref)
        .union(
            select(col(Verification.jurisdiction))
            .join(Identity, col(Identity.decision) == col(Verification.id))
            .where(col(Identity.ref) == ref)
        )
    )
    covered = [caller.covers(place) for place in rows.scalars()]
    if not any(covered):
        raise UnknownPerson
    if not all(covered):
        raise Conflict("recorded_elsewhere")


async def _done(connection: AsyncConnection, ref: str) -> Erased | None:
    rows = await connection.execute(
        select(col(Erasure.at), col(Erasure.subject), col(Erasure.reason)).where(col(Erasure.ref) == ref)
    )
    row = rows.first()
    return _erased(ref, row.at, row.subject, cast("Ground", row.reason)) if row else None


def _erased(ref: str, at: dt.datetime, subject: str, reason: Ground) -> Erased:
    return Erased(person=ref, erased_at=instant_text(at), by=subject, reason=reason)
