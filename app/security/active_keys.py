"""Which master keys are in use, as the database says; and the lock under which identities, marks and keys change."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.tables import MasterKey as MasterKeyRow
from app.security.keyring import KeyMissing, Keyring, MasterKey

_LOCK: Final = 0x70656F706C65


async def lock(connection: AsyncConnection) -> None:
    """Until the end of the transaction nobody else adds an identity, erases a person, or changes a key.

    Two decisions at once would otherwise make two persons of one, and an erasure would miss what is being added.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def in_use(connection: AsyncConnection, keyring: Keyring) -> list[MasterKey]:
    """The master keys, the newest last: it wraps and marks what is added. KeyMissing if the file of one is not here."""
    try:
        return await _in_use(connection, keyring)
    except KeyMissing:  # a rotation ended in between: others are in use now
        return await _in_use(connection, keyring)


async def _in_use(connection: AsyncConnection, keyring: Keyring) -> list[MasterKey]:
    rows = await connection.execute(
        select(col(MasterKeyRow.id)).order_by(col(MasterKeyRow.since), col(MasterKeyRow.id))
    )
    return [keyring.master(name) for name in rows.scalars()]
