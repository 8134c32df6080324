"""Seals reports and resolutions under the key of the person's identity: erasing the person destroys them as well."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import orjson

from app.db.connection import Connection
from app.rules.values.strict_json import Json
from app.security.keyring import KeyMissing, Keyring
from app.security.sealing import locked, unlocked
from app.verification import repository
from app.verification.exchange.protocol import Item, Report

Keys = dict[str, bytes]  # by person; of those who are not erased


async def keys_of(connection: Connection, keyring: Keyring, identified_by: UUID) -> Keys:
    """Unwraps the keys of the persons who are identified under a decision or verification. KeyMissing for a master key
    that is not here."""
    try:
        return await _keys_of(connection, keyring, identified_by)
    except KeyMissing:  # a rotation ended in between: the rows name another key now
        return await _keys_of(connection, keyring, identified_by)


async def _keys_of(connection: Connection, keyring: Keyring, identified_by: UUID) -> Keys:
    wrapped_keys = await repository.wrapped_keys(connection, identified_by)
    return {person: keyring.master(master).unwrap(id_, wrapped) for person, id_, wrapped, master in wrapped_keys}


def sealed(key: bytes, verification: UUID, number: int, said: Json) -> bytes:
    """Seals what is said, bound to its verification and number: it opens nowhere else."""
    return locked(key, orjson.dumps(said), _context(verification, number))


def unsealed(key: bytes, verification: UUID, number: int, text: bytes) -> Json:
    """Opens what was sealed. SealedUnreadable if anything was changed."""
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
