"""The same ID number is the same person in every decision, whoever writes at once; nothing of it is in a record."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select, text
from sqlmodel import col

from app.db.database import Database
from app.db.tables import IdentityKey, PersonMark, Record
from app.rules.request_faults import Fault, FaultyRequest
from app.rules.values.strict_json import Json
from app.security.identities import Identified
from app.security.repository import open_identities
from app.security.sealing import Said
from app.storage import Storage
from tests.security.test_id_numbers import checked
from tests.support.callers import OFFICER
from tests.support.client import changed
from tests.support.decisions.identities import ADULT, CHILD, OTHER, identity
from tests.support.storage import household, sound, storage_on

pytestmark = pytest.mark.anyio


async def propose(storage: Storage, key: str, *people: Json, **changes: Any) -> UUID:
    written, _ = await storage.decisions.propose(OFFICER, household() | {"identities": list(people)} | changes, key)
    return written.id


async def people(storage: Storage, decision: UUID) -> list[Identified]:
    async with storage.database.connect() as connection:
        return await open_identities(connection, storage.keyring, decision)


async def refs(storage: Storage, decision: UUID) -> dict[str, str | None]:
    return {one.person: one.ref for one in await people(storage, decision)}


async def test_the_same_number_is_the_same_person_in_another_decision(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        one = await refs(storage, await propose(storage, "1", identity("p1", ADULT), identity("p2", OTHER)))
        two = await refs(
            storage, await propose(storage, "2", identity("p2", ADULT.lower(), "李四"), identity("p3", CHILD))
        )
    assert one["p1"] == two["p2"]
    assert len({*one.values(), *two.values()}) == 3


async def test_decisions_written_at_once_in_two_logs_make_one_person(database: Database, tmp_path: Path) -> None:
    async with (
        storage_on(database, tmp_path, "log.example/a") as a,
        storage_on(database, tmp_path, "log.example/b") as b,
    ):
        made = await asyncio.gather(
            *(propose(storage, f"{n}", identity("p1", ADULT)) for n in range(20) for storage in (a, b))
        )
        found = [(await refs(a, id_))["p1"] for id_ in made]
    assert len(found) == 40
    assert len(set(found)) == 1


async def test_two_people_of_a_household_with_one_number_are_not_taken(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        with pytest.raises(FaultyRequest) as refused:
            await propose(storage, "1", identity("p1"), identity("p2"))
    assert Fault("/identities/1/id_number", "same_person") in refused.value.faults


async def test_what_was_said_opens_again(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        (one,) = await people(storage, await propose(storage, "1", identity()))
    assert one.said == Said("张三丰", ADULT)
    assert one.erased_at is None


@pytest.mark.parametrize(
    ("person", "number", "born", "sensitive"),
    [
        ("p1", ADULT, "1984-03-02", False),
        ("p3", CHILD, "2015-05-05", True),
        ("p3", CHILD, "2005-05-05", True),
        ("p3", checked("43050320050505002"), "2015-05-05", True),
    ],
    ids=["neither", "both", "by the number", "by the facts"],
)
async def test_a_child_is_sensitive_by_its_number_or_by_the_facts(
    database: Database, tmp_path: Path, person: str, number: str, born: str, sensitive: bool
) -> None:
    place = int(person[1:]) - 1
    facts = changed(household(), {f"/household/members/{place}/birth_date": born})["household"]
    async with storage_on(database, tmp_path) as storage:
        (one,) = await people(storage, await propose(storage, "1", identity(person, number), household=facts))
    assert one.sensitive is sensitive


@pytest.mark.parametrize(("date", "sensitive"), [("2029-05-04", True), ("2029-05-05", False)])
async def test_who_completes_fourteen_years_on_the_day_is_sensitive_no_more(
    database: Database, tmp_path: Path, date: str, sensitive: bool
) -> None:
    async with storage_on(database, tmp_path) as storage:
        (one,) = await people(storage, await propose(storage, "1", identity("p3", CHILD), date=date))
    assert one.sensitive is sensitive


async def test_a_record_holds_nothing_by_which_a_person_is_found(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        found = await refs(storage, await propose(storage, "1", identity()))
        async with database.connect() as connection:
            (body,) = (await connection.execute(select(col(Record.body)))).scalars()
            (mark,) = (await connection.execute(select(col(PersonMark.mark)))).scalars()
            (key,) = (await connection.execute(select(col(IdentityKey.id)))).scalars()
    (entry,) = orjson.loads(body)["identities"]
    assert entry.keys() == {"person", "commitment"}
    for beside in (found["p1"], bytes(mark).hex(), str(key), ADULT, "张三丰"):
        assert beside is not None
        assert beside not in bytes(body).decode()


async def test_a_mark_is_nothing_that_can_be_tried_without_the_key(database: Database, tmp_path: Path) -> None:
    import hashlib

    async with storage_on(database, tmp_path) as storage:
        await propose(storage, "1", identity())
        async with database.connect() as connection:
            (mark,) = (await connection.execute(select(col(PersonMark.mark)))).scalars()
    assert bytes(mark) != hashlib.sha256(ADULT.encode()).digest()


async def test_a_decision_without_identities_waits_for_nobody(database: Database, tmp_path: Path) -> None:
    """While somebody changes keys or erases, other decisions are written."""
    async with storage_on(database, tmp_path) as storage, database.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": 0x70656F706C65})
        assert await asyncio.wait_for(propose(storage, "1"), 20)


async def test_the_log_stays_sound(database: Database, tmp_path: Path) -> None:
    async with storage_on(database, tmp_path) as storage:
        await propose(storage, "1", identity())
        assert await sound(database, storage.signer.public_key) == 1
