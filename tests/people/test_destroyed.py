"""What an erasure destroys: no table's file has it any more, and what the journal keeps no key opens after a rotation."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db.tables import Identity, IdentityKey, PersonMark
from app.people.rotation import rotate
from app.rules.history import RulesHistory
from app.security.keyring import Keyring
from app.security.sealing import SealedUnreadable
from app.settings import Settings, keys_folder
from app.storage import Storage
from tests.security.test_id_numbers import checked
from tests.support.callers import OFFICER
from tests.support.decisions.identities import ADULT, OTHER, identity
from tests.support.rules import rules
from tests.support.storage import household

THIRD: Final = checked("11999919840302001")
pytestmark = pytest.mark.anyio


async def _written(storage: Storage) -> None:
    """The server stops, writing all it holds, and starts again."""
    server = storage.database._server
    assert server is not None
    await asyncio.to_thread(server.stop)
    await asyncio.to_thread(server.start)


def tables_with(data: Path, raw: bytes) -> list[str]:
    """The files of tables and indexes that hold some bytes."""
    files = [path for path in (data / "postgres").resolve().glob("base/*/*") if path.is_file()]
    return [path.name for path in files if raw in path.read_bytes()]


@pytest.mark.slow
async def test_what_was_destroyed_is_in_no_table_and_opens_with_no_key_that_is_left(data: Path) -> None:
    storage = await Storage.open(Settings(data=data, fsync=False), RulesHistory(rules()))
    try:
        for key, number in (("1", ADULT), ("2", OTHER), ("3", THIRD)):
            body = household() | {"identities": [identity("p1", number)]}
            await storage.decisions.propose(OFFICER, body, key)
        async with storage.database.connect() as connection:
            ref, mark = (await connection.execute(select(col(PersonMark.ref), col(PersonMark.mark)).limit(1))).one()
            key_id, wrapped = (
                await connection.execute(
                    select(col(IdentityKey.id), col(IdentityKey.wrapped))
                    .join(Identity, col(Identity.key) == col(IdentityKey.id))
                    .where(col(Identity.ref) == ref)
                )
            ).one()
        await _written(storage)
        assert tables_with(data, bytes(wrapped))
        assert tables_with(data, bytes(mark))
        await storage.erasures.erase(OFFICER, ref, "unlawful")
        await _written(storage)
        assert tables_with(data, bytes(wrapped)) == []
        assert tables_with(data, bytes(mark)) == []
        old = storage.keyring.master("identities")
        assert old.unwrap(key_id, bytes(wrapped))  # a journal or a backup of before still opens with the old key
        await rotate(storage.database, Keyring(keys_folder(data)), dt.datetime.now(dt.UTC))
        ring = Keyring.open(keys_folder(data))
        assert ring.names() != ["identities"]
        for name in ring.names():
            with pytest.raises(SealedUnreadable):
                ring.master(name).unwrap(key_id, bytes(wrapped))
            assert bytes(mark) not in {ring.master(name).mark(number) for number in (ADULT, OTHER, THIRD)}
    finally:
        await storage.close()
