"""Who the people of a decision are: sealed, and found again by a mark, beside the record and never in it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import LargeBinary, any_, bindparam, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.errors import UnknownDecision
from app.db.tables import Decision, Erasure, Identity, IdentityKey, PersonMark
from app.security.active_keys import in_use, lock
from app.security.callers import Caller
from app.security.keyring import KeyMissing, Keyring, MasterKey
from app.security.sealing import Said, Sealed, opened


@dataclass(frozen=True)
class NewIdentity:
    """An identity to be written with its decision."""

    decision: UUID
    sealed: Sealed
    sensitive: bool


@dataclass(frozen=True)
class Identified:
    """Somebody of a decision. `said` is None once erased, or where it is not asked for."""

    person: str
    ref: str | None  # none for decisions from before there were any
    sensitive: bool
    erased_at: dt.datetime | None
    said: Said | None = field(default=None, repr=False)


async def write(connection: AsyncConnection, keyring: Keyring, new: Sequence[NewIdentity]) -> None:
    """Adds identities within the transaction of their decisions: the same ID number leads to the same `ref`."""
    if not new:
        return
    await lock(connection)
    masters = await in_use(connection, keyring)
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
    await connection.execute(
        insert(Identity),
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


async def _refs(connection: AsyncConnection, masters: Sequence[MasterKey], numbers: set[str]) -> dict[str, str]:
    """The reference of each number: the one its mark leads to, else a new one with a mark."""
    refs = await known_refs(connection, masters, numbers)
    added = {number: secrets.token_hex(16) for number in sorted(numbers - refs.keys())}
    newest = masters[-1]
    if added:
        rows = [{"master": newest.id, "mark": newest.mark(number), "ref": ref} for number, ref in added.items()]
        await connection.execute(insert(PersonMark), rows)
    return refs | added


async def known_refs(connection: AsyncConnection, masters: Sequence[MasterKey], numbers: set[str]) -> dict[str, str]:
    """The references of the numbers that are known."""
    by_mark = {master.mark(number): number for master in masters for number in numbers}
    rows = await connection.execute(
        select(col(PersonMark.mark), col(PersonMark.ref)).where(
            col(PersonMark.master).in_([master.id for master in masters]),
            col(PersonMark.mark) == any_(literal(list(by_mark), ARRAY(LargeBinary))),
        )
    )
    return {by_mark[bytes(mark)]: ref for mark, ref in rows}


async def of_decision(connection: AsyncConnection, decision: UUID) -> list[Identified]:
    """Who is identified in a decision, without saying who it is."""
    rows = await connection.execute(
        select(col(Identity.person), col(Identity.ref), col(Identity.sensitive), col(Erasure.at))
        .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
        .where(col(Identity.decision) == decision)
        .order_by(col(Identity.person))
    )
    return [Identified(*row) for row in rows]


async def opened_for(connection: AsyncConnection, keyring: Keyring, caller: Caller, decision: UUID) -> list[Identified]:
    """The same, with what each identity says that is not erased. UnknownDecision if there is none in the caller's areas;
    KeyMissing if a master key is not here."""
    place = await connection.scalar(select(col(Decision.jurisdiction)).where(col(Decision.id) == decision))
    if place is None or not caller.covers(place):
        raise UnknownDecision
    return await opened_of(connection, keyring, decision)


async def opened_of(connection: AsyncConnection, keyring: Keyring, decision: UUID) -> list[Identified]:
    """The same, for whoever may see it."""
    try:
        return await _opened_of(connection, keyring, decision)
    except KeyMissing:  # a rotation ended in between: the rows name another key now
        return await _opened_of(connection, keyring, decision)


_OPENED: Final = (  # put together once, since it is asked with each question to a register and each report
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


async def _opened_of(connection: AsyncConnection, keyring: Keyring, decision: UUID) -> list[Identified]:
    rows = await connection.execute(_OPENED, {"of": decision})
    found = []
    for person, ref, sensitive, erased_at, sealed, key_id, wrapped, master in rows:
        said = None
        if key_id is not None:
            key = keyring.master(master).unwrap(key_id, bytes(wrapped))
            said = opened(decision, person, bytes(sealed), key)
        found.append(Identified(person, ref, sensitive, erased_at, said))
    return found
