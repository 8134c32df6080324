"""SQL of identities, the marks that find a person again, and the master keys in use."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary, any_, bindparam, delete, insert, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import col

from app.core.errors import UnknownDecision
from app.db import trail
from app.db.connection import Connection
from app.db.tables import Decision, Erasure, Identity, IdentityKey, PersonMark
from app.db.tables import MasterKey as MasterKeyRow
from app.security.callers import Caller
from app.security.identities import Identified, NewIdentity
from app.security.keyring import KeyMissing, Keyring, MasterKey
from app.security.sealing import opened

_LOCK: Final = 0x70656F706C65


async def add_identities(connection: Connection, keyring: Keyring, new: Sequence[NewIdentity]) -> None:
    """Adds identities within the transaction of their decisions: the same ID number leads to the same `ref`."""
    if not new:
        return
    await lock_identities(connection)
    masters = await master_keys_in_use(connection, keyring)
    refs = await _refs(connection, masters, {one.sealed.id_number for one in new})
    newest = masters[-1]
    await connection.execute(
        insert(IdentityKey),
        [
            {
                "id": one.sealed.key_id,
                "wrapped": newest.wrap(one.sealed.key_id, one.sealed.key),
                "master": newest.id,
            }
            for one in new
        ],
    )
    await trail.add(
        connection,
        Identity,
        [
            {
                "decision": one.decision,
                "person": one.sealed.person,
                "key": one.sealed.key_id,
                "sealed": one.sealed.sealed,
                "ref": refs[one.sealed.id_number],
                "sensitive": one.sensitive,
            }
            for one in new
        ],
    )


async def _refs(connection: Connection, masters: Sequence[MasterKey], numbers: set[str]) -> dict[str, str]:
    """The reference of each number: the one its mark leads to, else a new one with a mark."""
    refs = await known_refs(connection, masters, numbers)
    added = {number: secrets.token_hex(16) for number in sorted(numbers - refs.keys())}
    newest = masters[-1]
    if added:
        rows = [{"master": newest.id, "mark": newest.mark(number), "ref": ref} for number, ref in added.items()]
        await connection.execute(insert(PersonMark), rows)
    return refs | added


async def known_refs(connection: Connection, masters: Sequence[MasterKey], numbers: set[str]) -> dict[str, str]:
    """The references of the numbers that are known."""
    by_mark = {master.mark(number): number for master in masters for number in numbers}
    rows = await connection.execute(
        select(col(PersonMark.mark), col(PersonMark.ref)).where(
            col(PersonMark.master).in_([master.id for master in masters]),
            col(PersonMark.mark) == any_(literal(list(by_mark), ARRAY(LargeBinary))),
        )
    )
    return {by_mark[bytes(mark)]: ref for mark, ref in rows}


async def identities_of(connection: Connection, decision: UUID) -> list[Identified]:
    """Who is identified in a decision, without saying who it is."""
    rows = await connection.execute(
        select(col(Identity.person), col(Identity.ref), col(Identity.sensitive), col(Erasure.at))
        .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
        .where(col(Identity.decision) == decision)
        .order_by(col(Identity.person))
    )
    return [Identified(*row) for row in rows]


async def identified_in(connection: Connection, decisions: Iterable[UUID]) -> dict[UUID, dict[str, str | None]]:
    """The references of those who are identified, by decision and by their id there."""
    rows = await connection.execute(
        select(col(Identity.decision), col(Identity.person), col(Identity.ref)).where(
            col(Identity.decision).in_(decisions)
        )
    )
    found: dict[UUID, dict[str, str | None]] = {}
    for decision, person, ref in rows:
        found.setdefault(decision, {})[person] = ref
    return found


async def open_identities_for(
    connection: Connection, keyring: Keyring, caller: Caller, decision: UUID
) -> list[Identified]:
    """The same, with what each identity says that is not erased. UnknownDecision if there is none in the caller's areas;
    KeyMissing if a master key is not here."""
    place = await connection.scalar(select(col(Decision.jurisdiction)).where(col(Decision.id) == decision))
    if place is None or not caller.covers(place):
        raise UnknownDecision
    return await open_identities(connection, keyring, decision)


async def open_identities(connection: Connection, keyring: Keyring, decision: UUID) -> list[Identified]:
    """The same, for whoever may see it."""
    try:
        return await _open_identities(connection, keyring, decision)
    except KeyMissing:  # a rotation ended in between: the rows name another key now
        return await _open_identities(connection, keyring, decision)


_SEALED_IDENTITIES: Final = (  # put together once, since it is asked with each question to a register and each report
    select(
        col(Identity.person),
        col(Identity.ref),
        col(Identity.sensitive),
        col(Erasure.at),
        col(Identity.sealed),
        col(IdentityKey.id),
        col(IdentityKey.wrapped),
        col(IdentityKey.master),
    )
    .outerjoin(IdentityKey, col(IdentityKey.id) == col(Identity.key))
    .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
    .where(col(Identity.decision) == bindparam("of"))
    .order_by(col(Identity.person))
)


async def _open_identities(connection: Connection, keyring: Keyring, decision: UUID) -> list[Identified]:
    rows = await connection.execute(_SEALED_IDENTITIES, {"of": decision})
    found = []
    for person, ref, sensitive, erased_at, sealed, key_id, wrapped, master in rows:
        said = None
        if key_id is not None:
            key = keyring.master(master).unwrap(key_id, bytes(wrapped))
            said = opened(decision, person, bytes(sealed), key)
        found.append(Identified(person, ref, sensitive, erased_at, said))
    return found


async def lock_identities(connection: Connection) -> None:
    """Until the end of the transaction nobody else adds an identity, erases a person, or changes a key.

    Two decisions at once would otherwise make two persons of one, and an erasure would miss what is being added.
    """
    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def master_keys_in_use(connection: Connection, keyring: Keyring) -> list[MasterKey]:
    """The master keys, the newest last: it wraps and marks what is added. KeyMissing if the file of one is not here."""
    try:
        return await _in_use(connection, keyring)
    except KeyMissing:  # a rotation ended in between: others are in use now
        return await _in_use(connection, keyring)


async def _in_use(connection: Connection, keyring: Keyring) -> list[MasterKey]:
    rows = await connection.execute(
        select(col(MasterKeyRow.id)).order_by(col(MasterKeyRow.since), col(MasterKeyRow.id))
    )
    return [keyring.master(name) for name in rows.scalars()]


async def add_master_key(connection: Connection, name: str, since: dt.datetime) -> None:
    """Puts a master key in use, by the name of its file."""
    await connection.execute(insert(MasterKeyRow), [{"id": name, "since": since}])


async def keep_only_master_key(connection: Connection, name: str) -> None:
    """Takes every other master key out of use."""
    await connection.execute(delete(MasterKeyRow).where(col(MasterKeyRow.id) != name))
