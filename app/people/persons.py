"""Persons: found by their ID number, and opened for who handles their case."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.db.connection import Connection
from app.db.database import Database
from app.people import repository
from app.people.access_log import Access
from app.people.schemas import Identities, OpenedIdentity, PersonFound, PersonSearch
from app.rules.facts.request import china_day
from app.security.callers import Caller
from app.security.identities import Identified
from app.security.keyring import Keyring
from app.security.names import same_name
from app.security.repository import known_refs, master_keys_in_use, open_identities, open_identities_for


@dataclass(frozen=True)
class Persons:
    """Finds and opens those who are known here, as far as a caller's areas go."""

    database: Database
    keyring: Keyring
    access: Access

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

    async def _within(self, connection: Connection, caller: Caller, ref: str, name: str | None) -> list[Identified]:
        """A person as it stands in what lies in the caller's areas, under a name if one is asked for."""
        found = []
        decisions = await repository.decisions_of(connection, ref, caller.areas)
        for id_ in [*decisions, *await repository.verifications_of(connection, ref, caller.areas)]:
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


def _opened(one: Identified) -> OpenedIdentity:
    return OpenedIdentity(
        person=one.person,
        ref=one.ref,
        sensitive=one.sensitive,
        name=one.said.name if one.said else None,
        id_number=one.said.id_number if one.said else None,
        erased_on=china_day(one.erased_at).isoformat() if one.erased_at else None,
    )
