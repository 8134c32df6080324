"""Erasing while others write: nobody is left behind, nobody is lost."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app.core.errors import UnknownPerson
from app.db.tables import Identity, IdentityKey, PersonMark
from app.people.schemas import PersonSearch
from app.security.repository import open_identities
from app.storage import Storage
from tests.support.callers import OFFICER
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.storage import household, sound

pytestmark = pytest.mark.anyio


async def propose(storage: Storage, key: str, number: str = ADULT) -> UUID:
    body = household() | {"identities": [identity("p1", number)]}
    written, _ = await storage.decisions.propose(OFFICER, body, key)
    return written.id


async def ref_of(storage: Storage, number: str = ADULT) -> str | None:
    found = await storage.persons.search(OFFICER, PersonSearch(id_number=number), None)
    return found[0].ref if found else None


async def test_who_is_proposed_while_being_erased_is_erased_or_somebody_new(storage: Storage) -> None:
    made: list[UUID] = []
    erased: set[str] = set()
    stop = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            made.append(await propose(storage, f"{len(made)}"))

    async def erase() -> None:
        while len(erased) < 8:
            ref = await ref_of(storage)
            if ref is not None:
                await storage.erasures.erase(OFFICER, ref, "consent_withdrawn")
                erased.add(ref)

    writing = asyncio.create_task(write())
    await erase()
    stop.set()
    await writing
    async with storage.database.connect() as connection:
        for id_ in made:
            (one,) = await open_identities(connection, storage.keyring, id_)
            assert (one.said is None) == (one.ref in erased) == (one.erased_at is not None)
    assert await sound(storage.database, storage.signer.public_key) == len(made)


async def test_only_what_is_of_the_person_is_destroyed(storage: Storage) -> None:
    for number, key in ((ADULT, "1"), (ADULT, "2"), (OTHER, "3")):
        await propose(storage, key, number)
    ref = await ref_of(storage)
    assert ref is not None
    await storage.erasures.erase(OFFICER, ref, "unlawful")
    async with storage.database.connect() as connection:
        counts = [
            await connection.scalar(select(func.count()).select_from(table))
            for table in (Identity, IdentityKey, PersonMark)
        ]
        left = (await connection.execute(select(col(PersonMark.ref)))).scalars().all()
    assert counts == [3, 1, 1]
    assert left == [await ref_of(storage, OTHER)]


async def test_erasing_at_once_is_erasing_once(storage: Storage) -> None:
    await propose(storage, "1")
    ref = await ref_of(storage)
    assert ref is not None
    done = await asyncio.gather(*(storage.erasures.erase(OFFICER, ref, "unlawful") for _ in range(6)))
    assert all(one == done[0] for one in done)


async def test_nobody_is_erased_who_is_in_no_decision(storage: Storage) -> None:
    with pytest.raises(UnknownPerson):
        await storage.erasures.erase(OFFICER, "0" * 32, "unlawful")
