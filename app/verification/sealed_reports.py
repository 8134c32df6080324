"""What was found about a person, sealed under the key of its identity: erasing the person destroys it with the rest."""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.db.tables import Identity, IdentityKey
from app.rules.values.strict_json import Json
from app.security.keyring import KeyMissing, Keyring
from app.security.sealing import locked, unlocked
from app.verification.exchange.protocol import Item, Report

Keys = dict[str, bytes]  # by person; of those who are not erased


async def keys_of(connection: AsyncConnection, keyring: Keyring, identified_by: UUID) -> Keys:
    """The keys of the identities of a decision or verification."""
    try:
        return await _keys_of(connection, keyring, identified_by)
    except KeyMissing:  # a rotation ended in between: the rows name another key now
        return await _keys_of(connection, keyring, identified_by)


_KEYS: Final = (
    select(col(Identity.person), col(IdentityKey.id), col(IdentityKey.wrapped), col(IdentityKey.master))
    .join(IdentityKey, col(IdentityKey.id) == col(Identity.key))
    .where(col(Identity.decision) == bindparam("of"))
)


async def _keys_of(connection: AsyncConnection, keyring: Keyring, identified_by: UUID) -> Keys:
    rows = await connection.execute(_KEYS, {"of": identified_by})
    return {person: keyring.master(master).unwrap(id_, bytes(wrapped)) for person, id_, wrapped, master in rows}


def sealed(key: bytes, verification: UUID, number: int, said: Json) -> bytes:
    """Bound to its place: it opens nowhere else."""
    return locked(key, orjson.dumps(said), _context(verification, number))


def unsealed(key: bytes, verification: UUID, number: int, text: bytes) -> Json:
    """The inverse. InvalidTag if anything was changed."""
    said: Json = orjson.loads(unlocked(key, text, _context(verification, number)))
    return said


def report_of(said: Json, received_at: dt.datetime) -> Report:
    """The report whose `plain` was sealed."""
    return Report.model_validate(
        said
        | {
            "items": tuple(Item.of_plain(item) for item in said["items"]),
            "as_of": dt.date.fromisoformat(said["as_of"]),
            "reported_at": dt.datetime.fromisoformat(said["reported_at"]),
            "received_at": received_at,
        }
    )


def _context(verification: UUID, number: int) -> bytes:
    return b"verification " + verification.bytes + str(number).encode()
