"""A new master key under running services: every key wrapped anew, every person marked anew, the old key removed.

From the moment the new key stands in the database whoever adds an identity uses it; what was added before is found and
changed in batches. A rotation that was broken off goes on where it was. Old copies of the database, and what lies about
on its disk, open with the old key alone: they say nothing more once its file is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.db.connection import Connection
from app.db.database import Database
from app.decisions.keys.repository import add_mark
from app.people import repository
from app.people.repository import SealedKey
from app.security.keyring import Keyring, MasterKey
from app.security.repository import add_master_key, keep_only_master_key, lock_identities, master_keys_in_use
from app.security.sealing import opened

BATCH: Final = 500
Progress = Callable[[int, int], None]  # how many keys of how many are done


@dataclass(frozen=True)
class Rotated:
    """The new key's name, and how many keys it wraps that another wrapped before."""

    name: str
    keys: int


async def rotate(
    database: Database, keyring: Keyring, now: dt.datetime, progress: Progress = lambda done, total: None
) -> Rotated:
    """A new master key in place of the old ones. KeyMissing if the file of one that is in use is not here."""
    newest = await _begun(database, keyring, now)
    done = await _all_wrapped(database, keyring, newest, progress)
    await _ended(database, newest)
    keyring.keep([newest.id])
    return Rotated(newest.id, done)


async def _begun(database: Database, keyring: Keyring, now: dt.datetime) -> MasterKey:
    """The key that is to stay: a new one, or that of a rotation that did not end."""
    async with database.begin() as connection:
        await lock_identities(connection)
        masters = await master_keys_in_use(connection, keyring)
        if len(masters) > 1:
            return masters[-1]
        newest = keyring.add()
        await add_master_key(connection, newest.id, now)
        await add_mark(connection, newest.id, newest.check, now)
    return newest


async def _all_wrapped(database: Database, keyring: Keyring, newest: MasterKey, progress: Progress) -> int:
    async with database.connect() as connection:
        total = await repository.count_keys(connection)
    done, after = 0, UUID(int=0)
    progress(done, total)
    while True:
        async with database.begin() as connection:
            await lock_identities(connection)
            rows = await repository.keys_of_other_masters(connection, newest.id, after, BATCH)
            if not rows:
                return done
            await _wrap(connection, keyring, newest, rows)
        done, after = done + len(rows), rows[-1].key_id
        progress(done, total)


async def _wrap(connection: Connection, keyring: Keyring, newest: MasterKey, rows: Sequence[SealedKey]) -> None:
    """The same keys, wrapped anew; and the persons they seal, marked anew."""
    keys = {row.key_id: keyring.master(row.master).unwrap(row.key_id, bytes(row.wrapped)) for row in rows}
    await repository.wrap_anew(connection, newest.id, {id_: newest.wrap(id_, key) for id_, key in keys.items()})
    by_ref = {row.ref: row for row in rows if row.ref is not None}
    marked = await repository.marked_by(connection, newest.id, by_ref)
    marks = [(newest.mark(_number(row, keys)), ref) for ref, row in by_ref.items() if ref not in marked]
    await repository.add_marks(connection, newest.id, marks)


def _number(row: SealedKey, keys: dict[UUID, bytes]) -> str:
    return opened(row.decision, row.person, bytes(row.sealed), keys[row.key_id]).id_number


async def _ended(database: Database, newest: MasterKey) -> None:
    """No other key is in use any more."""
    async with database.begin() as connection:
        await lock_identities(connection)
        await repository.keep_only_marks_of(connection, newest.id)
        await keep_only_master_key(connection, newest.id)
