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

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.database import Database
from app.db.tables import Identity, IdentityKey, PersonMark
from app.db.tables import MasterKey as MasterKeyRow
from app.security.keyring import Keyring, MasterKey
from app.security.repository import lock_identities, master_keys_in_use
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
        await connection.execute(insert(MasterKeyRow), [{"id": newest.id, "since": now}])
    return newest


async def _all_wrapped(database: Database, keyring: Keyring, newest: MasterKey, progress: Progress) -> int:
    async with database.connect() as connection:
        total = int(await connection.scalar(select(func.count()).select_from(IdentityKey)) or 0)
    done, after = 0, UUID(int=0)
    progress(done, total)
    while True:
        async with database.begin() as connection:
            await lock_identities(connection)
            rows = await _batch(connection, newest, after)
            if not rows:
                return done
            await _wrap(connection, keyring, newest, rows)
        done, after = done + len(rows), rows[-1].key_id
        progress(done, total)


@dataclass(frozen=True)
class _Row:
    key_id: UUID
    wrapped: bytes
    master: str
    decision: UUID
    person: str
    sealed: bytes
    ref: str | None


async def _batch(connection: AsyncConnection, newest: MasterKey, after: UUID) -> list[_Row]:
    rows = await connection.execute(
        select(
            col(IdentityKey.id),
            col(IdentityKey.wrapped),
            col(IdentityKey.master),
            col(Identity.decision),
            col(Identity.person),
            col(Identity.sealed),
            col(Identity.ref),
        )
        .join(Identity, col(Identity.key) == col(IdentityKey.id))
        .where(col(IdentityKey.id) > after, col(IdentityKey.master) != newest.id)
        .order_by(col(IdentityKey.id))
        .limit(BATCH)
    )
    return [_Row(*row) for row in rows]


async def _wrap(connection: AsyncConnection, keyring: Keyring, newest: MasterKey, rows: Sequence[_Row]) -> None:
    """Rows may be added and deleted, never changed: the same key comes back wrapped anew."""
    keys = {row.key_id: keyring.master(row.master).unwrap(row.key_id, bytes(row.wrapped)) for row in rows}
    await connection.execute(delete(IdentityKey).where(col(IdentityKey.id).in_(keys)))
    await connection.execute(
        insert(IdentityKey),
        [{"id": id_, "wrapped": newest.wrap(id_, key), "master": newest.id} for id_, key in keys.items()],
    )
    by_ref = {row.ref: row for row in rows if row.ref is not None}
    marked = await connection.execute(
        select(col(PersonMark.ref)).where(col(PersonMark.master) == newest.id, col(PersonMark.ref).in_(by_ref))
    )
    for ref in set(marked.scalars()):
        del by_ref[ref]
    marks = [{"master": newest.id, "mark": newest.mark(_number(row, keys)), "ref": ref} for ref, row in by_ref.items()]
    if marks:
        await connection.execute(insert(PersonMark), marks)


def _number(row: _Row, keys: dict[UUID, bytes]) -> str:
    return opened(row.decision, row.person, bytes(row.sealed), keys[row.key_id]).id_number


async def _ended(database: Database, newest: MasterKey) -> None:
    """No other key is in use any more."""
    async with database.begin() as connection:
        await lock_identities(connection)
        await connection.execute(delete(PersonMark).where(col(PersonMark.master) != newest.id))
        await connection.execute(delete(MasterKeyRow).where(col(MasterKeyRow.id) != newest.id))
