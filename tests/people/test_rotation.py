"""A new master key under a running service: nothing is lost, everything opens, the same people stay the same."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db.database import Database
from app.db.tables import IdentityKey, MasterKey, PersonMark
from app.people import rotation
from app.people.rotation import rotate
from app.people.schemas import PersonSearch
from app.security.keyring import FIRST, Keyring
from app.security.repository import open_identities
from app.security.sealing import Said, SealedUnreadable
from app.settings import keys_folder
from app.storage import Storage
from tests.security.test_id_numbers import checked
from tests.support.callers import OFFICER
from tests.support.decisions.identities import CHILD, identity
from tests.support.storage import household, storage_on

pytestmark = pytest.mark.anyio


def number(place: int) -> str:
    return checked(f"11999919840302{place:03}")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def propose(storage: Storage, key: str, *numbers: str) -> UUID:
    """A decision on people named by their places."""
    people = [identity(f"p{place}", one, f"名字{one[-4:]}") for place, one in enumerate(numbers, 1)]
    written, _ = await storage.decisions.propose(OFFICER, household() | {"identities": people}, key)
    return written.id


async def said(database: Database, keyring: Keyring, decision: UUID) -> list[Said | None]:
    async with database.connect() as connection:
        return [one.said for one in await open_identities(connection, keyring, decision)]


async def masters(database: Database) -> tuple[set[str], set[str], set[str]]:
    """By which keys identities are wrapped, persons are marked, and which are in use."""
    async with database.connect() as connection:
        wrapped = (await connection.execute(select(col(IdentityKey.master)).distinct())).scalars().all()
        marked = (await connection.execute(select(col(PersonMark.master)).distinct())).scalars().all()
        used = (await connection.execute(select(col(MasterKey.id)))).scalars().all()
    return set(wrapped), set(marked), set(used)


async def test_everything_opens_with_the_new_key_alone(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        ids = [await propose(storage, f"{n}", number(n), number(n + 1)) for n in range(3)]
        old = storage.keyring.master(FIRST)
        async with database.connect() as connection:
            before = {
                row[0]: bytes(row[1])
                for row in await connection.execute(select(col(IdentityKey.id), col(IdentityKey.wrapped)))
            }
        done = await rotate(database, Keyring(keys_folder(tmp_path)), now())
        assert done.keys == 6
        assert await masters(database) == ({done.name}, {done.name}, {done.name})
        fresh = Keyring.open(keys_folder(tmp_path))
        assert fresh.names() == [done.name]
        for n, id_ in enumerate(ids):
            expected = [Said(f"名字{one[-4:]}", one) for one in (number(n), number(n + 1))]
            assert await said(database, fresh, id_) == await said(database, storage.keyring, id_) == expected
        for key_id, wrapped in before.items():  # what lies about of old opens with the old key alone, which is gone
            assert old.unwrap(key_id, wrapped)
            with pytest.raises(SealedUnreadable):
                fresh.master(done.name).unwrap(key_id, wrapped)


async def test_the_same_people_are_found_after_it(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        await propose(storage, "1", number(1))
        asked = PersonSearch(id_number=number(1))
        before = await storage.persons.search(OFFICER, asked, None)
        await rotate(database, Keyring(keys_folder(tmp_path)), now())
        assert await storage.persons.search(OFFICER, asked, None) == before
        await propose(storage, "2", number(1))
        assert await storage.persons.search(OFFICER, asked, None) == before


async def test_a_key_that_was_used_before_leads_to_its_record_after_it(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        first = await propose(storage, "k", number(1))
        await rotate(database, Keyring(keys_folder(tmp_path)), now())
        assert await propose(storage, "k", number(1)) == first
    async with storage_on(database, tmp_path) as restarted:
        assert await propose(restarted, "k", number(1)) == first


@pytest.mark.slow
async def test_it_rotates_under_concurrent_proposals_and_readings(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two services with rings of their own go on while a third process changes the key twice, in small batches."""
    monkeypatch.setattr(rotation, "BATCH", 7)
    made: dict[UUID, str] = {}
    stop = asyncio.Event()

    async def write(storage: Storage, name: str) -> None:
        place = 0
        while not stop.is_set():
            one = number(place % 40)
            made[await propose(storage, f"{name}-{place}", one)] = one
            place += 1

    async def read(storage: Storage) -> None:
        while not stop.is_set():
            for id_, one in list(made.items())[-5:]:
                assert await said(database, storage.keyring, id_) == [Said(f"名字{one[-4:]}", one)]
            await asyncio.sleep(0)

    async with storage_on(database, tmp_path, "log/a") as a, storage_on(database, tmp_path, "log/b") as b:
        work = [asyncio.create_task(one) for one in (write(a, "a"), write(b, "b"), read(a), read(b))]
        names: list[str] = []
        for _ in range(2):
            while len(made) < 60 * (len(names) + 1):
                await asyncio.sleep(0.01)
            names.append((await rotate(database, Keyring(keys_folder(tmp_path)), now())).name)
        await asyncio.sleep(0.2)
        stop.set()
        await asyncio.gather(*work)
        assert await masters(database) == ({names[1]}, {names[1]}, {names[1]})
        fresh = Keyring.open(keys_folder(tmp_path))
        refs: dict[str, set[Any]] = {}
        async with database.connect() as connection:
            for id_, one in made.items():
                (found,) = await open_identities(connection, fresh, id_)
                assert found.said == Said(f"名字{one[-4:]}", one)
                refs.setdefault(one, set()).add(found.ref)
    assert len(made) > 120
    assert [len(one) for one in refs.values()] == [1] * len(refs)  # nobody became two


async def test_a_rotation_that_was_broken_off_goes_on(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with storage_on(database, tmp_path) as storage:
        ids = [await propose(storage, f"{n}", number(n)) for n in range(9)]
        monkeypatch.setattr(rotation, "BATCH", 4)

        def broken(done: int, total: int) -> None:
            if done == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await rotate(database, Keyring(keys_folder(tmp_path)), now(), broken)
        wrapped, _, used = await masters(database)
        assert len(wrapped) == len(used) == 2
        assert [await said(database, storage.keyring, id_) for id_ in ids] == [
            [Said(f"名字{number(n)[-4:]}", number(n))] for n in range(9)
        ]
        done = await rotate(database, Keyring(keys_folder(tmp_path)), now())
        assert done.keys == 5
        assert await masters(database) == ({done.name}, {done.name}, {done.name})
        assert [await said(database, storage.keyring, id_) for id_ in ids] == [
            [Said(f"名字{number(n)[-4:]}", number(n))] for n in range(9)
        ]


async def test_who_is_erased_does_not_come_back_with_a_new_key(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        id_ = await propose(storage, "1", number(1))
        await propose(storage, "2", number(2))
        (found,) = await storage.persons.search(OFFICER, PersonSearch(id_number=number(1)), None)
        await storage.erasures.erase(OFFICER, found.ref, "purpose_achieved")
        assert (await rotate(database, Keyring(keys_folder(tmp_path)), now())).keys == 1
        assert await said(database, storage.keyring, id_) == [None]
        assert await storage.persons.search(OFFICER, PersonSearch(id_number=number(1)), None) == []


async def test_progress_is_told_in_batches(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    told: list[tuple[int, int]] = []
    async with storage_on(database, tmp_path) as storage:
        await propose(storage, "1", number(1), number(2), CHILD)
        await rotate(database, Keyring(keys_folder(tmp_path)), now(), lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (2, 3), (3, 3)]
