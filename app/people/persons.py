"""Persons: found by their ID number, and opened for who handles their case."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.database import Database
from app.db.tables import Decision, Identity, Verification
from app.decisions.search_repository import lies_in
from app.people.access_log import Access
from app.people.schemas import Identities, OpenedIdentity, PersonFound, PersonSearch
from app.rules.facts.request import china_day
from app.security.callers import Caller
from app.security.identities import Identified
from app.security.keyring import Keyring
from app.security.name_guard import same_name
from app.security.repository import known_refs, master_keys_in_use, open_identities, open_identities_for


class Persons:
    """Who is known here, as far as a caller's areas go."""

    def __init__(self, database: Database, keyring: Keyring, access: Access) -> None:
        self.database = database
        self.keyring = keyring
        self.access = access

    async def search(self, caller: Caller, asked: PersonSearch, purpose: str | None) -> list[PersonFound]:
        """The person of an ID number, if a decision or a verification in the caller's areas is about it, and it has that
        name there.
        FaultyRequest for a purpose that the caller may not have."""
        async with self.database.connect() as connection:
            masters = await master_keys_in_use(connection, self.keyring)
            refs = await known_refs(connection, masters, {asked.id_number})
            people = [(ref, await self._within(connection, caller, ref, asked.name)) for ref in refs.values()]
        found = {ref: any(one.sensitive for one in here) for ref, here in people if here}
        await self.access.read(caller, "persons.search", persons=found, purpose=purpose)
        return [PersonFound(ref=ref, sensitive=sensitive) for ref, sensitive in found.items()]

    async def _within(
        self, connection: AsyncConnection, caller: Caller, ref: str, name: str | None
    ) -> list[Identified]:
        """A person as it stands in what lies in the caller's areas, under a name if one is asked for."""
        found = []
        decisions = await decisions_of(connection, ref, caller.areas)
        for id_ in [*decisions, *await _identified_under(connection, Verification, ref, caller.areas)]:
            found += [one for one in await open_identities(connection, self.keyring, id_) if one.ref == ref]
        return [one for one in found if one.said and (name is None or same_name(one.said.name, name))]

    async def identities(self, caller: Caller, decision: UUID, purpose: str | None) -> Identities:
        """Names and ID numbers of a decision, of those that are not erased. UnknownDecision if there is none in the
        caller's areas; FaultyRequest for a purpose that the caller may not have."""
        async with self.database.connect() as connection:
            people = await open_identities_for(connection, self.keyring, caller, decision)
        refs = [one.ref for one in people if one.ref is not None]
        await self.access.read(caller, "identities.read", decisions=[decision], persons=refs, purpose=purpose)
        return Identities(decision=str(decision), identities=[_opened(one) for one in people])


async def decisions_of(connection: AsyncConnection, ref: str, areas: tuple[str, ...]) -> list[UUID]:
    """The decisions of some areas in which a person is identified, oldest first."""
    return await _identified_under(connection, Decision, ref, areas)


async def _identified_under(
    connection: AsyncConnection, kept: type[Decision] | type[Verification], ref: str, areas: tuple[str, ...]
) -> list[UUID]:
    """Under which decisions, or verifications of what was not proposed, a person is identified."""
    rows = await connection.execute(
        select(col(Identity.decision))
        .join(kept, col(kept.id) == col(Identity.decision))
        .where(col(Identity.ref) == ref, lies_in(col(kept.jurisdiction), areas))
        .order_by(col(Identity.decision))
    )
    return list(dict.fromkeys(rows.scalars()))


def _opened(one: Identified) -> OpenedIdentity:
    return OpenedIdentity(
        person=one.person,
        ref=one.ref,
        sensitive=one.sensitive,
        name=one.said.name if one.said else None,
        id_number=one.said.id_number if one.said else None,
        erased_on=china_day(one.erased_at).isoformat() if one.erased_at else None,
    )
