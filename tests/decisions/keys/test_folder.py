"""A service starts with the keys its database was written with, or not at all; a new beginning is deliberate."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from app.db.database import Database
from app.decisions.audit.database import check_database
from app.decisions.keys.folder import KeysAbsent
from app.decisions.keys.renewal import NothingLost, renew
from app.people.rotation import rotate
from app.people.schemas import PersonSearch
from app.rules.history import RulesHistory
from app.security.repository import open_identities
from app.security.sealing import SealedUnreadable
from app.settings import Settings, keys_folder
from app.storage import Storage
from tests.support.callers import OFFICER
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.rules import rules
from tests.support.service import START, Clock
from tests.support.storage import ORIGIN, as_owner, household

pytestmark = pytest.mark.anyio
LATER = START + dt.timedelta(days=1)
NAMES = ("log", "requests", "identities")


@pytest.fixture
async def open_(database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[object]:
    """Opens a storage on the one database as a service does, with a folder of keys."""
    opened: list[Storage] = []

    async def given(_: Settings) -> Database:
        return Database(database.owner_url, database.engine.url)

    monkeypatch.setattr(Database, "open", given)

    async def open_storage(data: Path) -> Storage:
        storage = await Storage.open(Settings(data=data, origin=ORIGIN), RulesHistory(rules()), now=Clock())
        opened.append(storage)
        return storage

    yield open_storage
    for storage in opened:
        await storage.close()


async def propose(storage: Storage, key: str, number: str = ADULT) -> UUID:
    body = household() | {"identities": [identity("p1", number)]}
    written, _ = await storage.decisions.propose(OFFICER, body, key)
    return written.id


def file(data: Path, name: str) -> Path:
    return keys_folder(data) / ("log.pem" if name == "log" else f"{name}.key")


def contents(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in keys_folder(data).glob("*")}


@pytest.mark.parametrize("marked", [True, False], ids=["", "from before there were marks"])
async def test_an_empty_folder_is_refused_and_stays_empty(database: Database, open_, tmp_path: Path, marked: bool):  # type: ignore[no-untyped-def]
    await propose(await open_(tmp_path / "data"), "1")
    if not marked:
        await as_owner(database, "DELETE FROM key_mark")
    with pytest.raises(KeysAbsent, match=r"log\.pem.*identities\.key.* restore .*keys from its backup.*keys renew"):
        await open_(tmp_path / "other")
    assert contents(tmp_path / "other") == {}


@pytest.mark.parametrize("marked", [True, False], ids=["", "from before there were marks"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["lost", "foreign"])
async def test_each_key_is_missed(  # type: ignore[no-untyped-def]
    database: Database, open_, tmp_path: Path, name: str, how: str, marked: bool
):
    if name == "requests" and not marked:
        pytest.skip("nothing that is stored tells by which key it was made")
    await propose(await open_(tmp_path / "data"), "1")
    if not marked:
        await as_owner(database, "DELETE FROM key_mark")
    shutil.copytree(tmp_path / "data", tmp_path / "other")
    file(tmp_path / "other", name).unlink()
    if how == "foreign":
        Storage(database, tmp_path / "another", ORIGIN, RulesHistory(rules()))
        shutil.copy(file(tmp_path / "another", name), file(tmp_path / "other", name))
    before = contents(tmp_path / "other")
    with pytest.raises(KeysAbsent, match=file(tmp_path / "other", name).name):
        await open_(tmp_path / "other")
    assert contents(tmp_path / "other") == before


async def test_a_folder_that_is_restored_goes_on(open_, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first = await open_(tmp_path / "data")
    id_ = await propose(first, "1")
    await rotate(first.database, first.keyring, START)
    shutil.move(tmp_path / "data" / "keys", tmp_path / "backup")
    with pytest.raises(KeysAbsent):
        await open_(tmp_path / "data")
    shutil.rmtree(tmp_path / "data" / "keys", ignore_errors=True)
    shutil.move(tmp_path / "backup", tmp_path / "data" / "keys")
    again = await open_(tmp_path / "data")
    async with again.database.connect() as connection:
        (one,) = await open_identities(connection, again.keyring, id_)
    assert one.said is not None
    assert one.said.id_number == ADULT


async def test_of_services_that_start_at_once_with_keys_of_their_own_one_comes_up(open_, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    came = await asyncio.gather(*(open_(tmp_path / str(n)) for n in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in came) == ["KeysAbsent"] * 3 + ["Storage"]


async def test_of_services_that_start_at_once_with_the_same_keys_all_come_up(open_, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    came = await asyncio.gather(*(open_(tmp_path / "data") for _ in range(4)), return_exceptions=True)
    assert [type(one).__name__ for one in came] == ["Storage"] * 4


async def test_a_new_beginning_goes_on_and_says_what_is_closed(open_, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first = await open_(tmp_path / "data")
    id_ = await propose(first, "1")
    for name in NAMES:
        with pytest.raises(NothingLost):
            await renew(first.database, tmp_path / "data", ORIGIN, name, "lost", START)
    shutil.rmtree(tmp_path / "data" / "keys")
    closed = [await renew(first.database, tmp_path / "data", ORIGIN, name, "lost", LATER) for name in NAMES]
    assert closed == [0, 0, 1]
    second = await open_(tmp_path / "data")
    await propose(second, "2", OTHER)
    async with second.database.connect() as connection:
        with pytest.raises(SealedUnreadable):
            await open_identities(connection, second.keyring, id_)
        checked = await check_database(connection, ORIGIN, second.signer.public_key)
    assert checked.sound
    assert "key_earlier" in {one.code for one in checked.findings}
    assert len(await second.persons.search(OFFICER, PersonSearch(id_number=OTHER), None)) == 1
    assert (await second.log.checkpoint(None)).size == 2
