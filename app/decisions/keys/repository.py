"""SQL of the marks of keys: by which keys what is stored was signed, fingerprinted and sealed."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, or_, select, text
from sqlmodel import col

from app.db.connection import Connection
from app.db.tables import IdentityKey, KeyMark, MasterKey

_LOCK: Final = 0x6B657973


async def lock(connection: Connection) -> None:
    """Locks the marks until the transaction ends: of services that start at once one says which keys count."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def marks(connection: Connection, name: str | None = None) -> list[tuple[str, str]]:
    """Reads names of keys and their marks, the newest last."""
    query = select(col(KeyMark.name), col(KeyMark.mark)).order_by(col(KeyMark.since))
    if name is not None:
        query = query.where(col(KeyMark.name) == name)
    return [(row[0], row[1]) for row in await connection.execute(query)]


async def add_mark(connection: Connection, name: str, mark: str, since: dt.datetime, reason: str | None = None) -> None:
    """Adds the mark of a key."""
    row = {"name": name, "mark": mark, "since": since, "reason": reason}
    await connection.execute(insert(KeyMark), [row])


async def masters(connection: Connection, *, resting: bool = False) -> list[str]:
    """Reads the names of the master keys in use; with `resting`, of those that something rests on: their mark, or a key
    that they wrap. A new database names one that is yet to be made."""
    name = col(MasterKey.id)
    query = select(name).order_by(name)
    if resting:
        rests = or_(exists().where(col(KeyMark.name) == name), exists().where(col(IdentityKey.master) == name))
        query = query.where(rests)
    return list((await connection.execute(query)).scalars())


async def wrapped_by(connection: Connection, master: str, most: int) -> list[tuple[UUID, bytes]]:
    """Reads some of the keys that a master key wraps."""
    query = select(col(IdentityKey.id), col(IdentityKey.wrapped)).where(col(IdentityKey.master) == master).limit(most)
    return [(id_, bytes(wrapped)) for id_, wrapped in await connection.execute(query)]


async def count_wrapped_by(connection: Connection, names: list[str]) -> int:
    """Counts the keys that some master keys wrap."""
    query = select(func.count()).select_from(IdentityKey).where(col(IdentityKey.master).in_(names))
    return int(await connection.scalar(query) or 0)


async def give_up(connection: Connection, names: list[str]) -> None:
    """Takes master keys out of use."""
    await connection.execute(delete(MasterKey).where(col(MasterKey.id).in_(names)))
