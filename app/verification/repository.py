"""SQL of verifications: as they were begun, consents, resolutions, and the keys of their persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlmodel import col

from app.db import trail
from app.db.connection import Connection
from app.db.tables import (
    Consent,
    Erasure,
    Identity,
    IdentityKey,
    Verification,
    VerificationResolution,
)
from app.rules.values.strict_json import Json
from app.security.callers import Caller
from app.verification.errors import UnknownVerification
from app.verification.exchange.protocol import Purpose

_LOCK: Final = 0x76657269  # the class of locks of verifications


@dataclass(frozen=True)
class AskedRow:
    """A register to be asked about a person, and the facts in question."""

    person: str
    source: str
    pointers: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """A verification as it was begun."""

    id: UUID
    jurisdiction: str
    decision: UUID | None
    identified_by: UUID
    purpose: Purpose
    body: Json
    asked: tuple[AskedRow, ...]
    created_at: dt.datetime
    created_by: str
    refresh_reason: str | None = None  # why registers are asked anew, whatever they said before

    @property
    def household(self) -> Json:
        found: Json = self.body["household"]
        return found


@dataclass(frozen=True)
class ConsentRow:
    """Consent of a person."""

    person: str
    sources: tuple[str, ...]
    until: dt.date


async def lock(connection: Connection, id_: UUID) -> None:
    """Locks a verification until the transaction ends, so that what is added is numbered without gaps."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:kind, hashtext(:id))"), {"kind": _LOCK, "id": str(id_)}
    )


async def lock_key(connection: Connection, key: str) -> None:
    """Locks an idempotency key until the transaction ends, so that it begins one verification."""
    await connection.execute(text("SELECT pg_advisory_xact_lock(:kind, hashtext(:key))"), {"kind": _LOCK, "key": key})


# What is read with each question and report is put together once, not each time.
_CASE: Final = select(
    col(Verification.jurisdiction),
    col(Verification.decision),
    col(Verification.identified_by),
    col(Verification.purpose),
    col(Verification.body),
    col(Verification.asked),
    col(Verification.created_at),
    col(Verification.created_by),
    col(Verification.refresh_reason),
).where(col(Verification.id) == bindparam("of"))


async def case(connection: Connection, id_: UUID) -> Case:
    """Reads a verification. UnknownVerification if there is none."""
    rows = await connection.execute(_CASE, {"of": id_})
    row = rows.first()
    if row is None:
        raise UnknownVerification
    place, decision, identified_by, purpose, body, asked, at, by, reason = row
    entries = tuple(AskedRow(one["person"], one["source"], tuple(one["pointers"])) for one in asked)
    return Case(id_, place, decision, identified_by, purpose, body, entries, at, by, reason)


async def add(connection: Connection, row: Json) -> None:
    """Adds a verification."""
    await trail.add(connection, Verification, [row])


async def by_key(connection: Connection, keys: Sequence[str], caller: Caller) -> tuple[UUID, bytes] | None:
    """The verification that an idempotency key led to, and the mark of its request.

    Keys were once stored without the log and areas, as the last of `keys`: such a one counts for who sent it.
    """
    stored = col(Verification.key)
    rows = await connection.execute(
        select(col(Verification.id), col(Verification.mark), stored, col(Verification.created_by))
        .where(stored.in_(keys))
        .order_by(stored != keys[0])
    )
    found = ((id_, bytes(mark or b"")) for id_, mark, key, by in rows if key == keys[0] or caller.may_be(by))
    return next(found, None)


async def begun_under(connection: Connection, keys: Sequence[str]) -> dict[str, UUID]:
    """The verifications that were begun under some keys, by the key."""
    rows = await connection.execute(
        select(col(Verification.key), col(Verification.id)).where(col(Verification.key).in_(keys))
    )
    return {key: id_ for key, id_ in rows if key is not None}


async def persons(connection: Connection, identified_by: UUID) -> dict[str, tuple[str | None, bool]]:
    """The references of those who are identified, and whether they are erased."""
    rows = await connection.execute(
        select(col(Identity.person), col(Identity.ref), col(Erasure.at))
        .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
        .where(col(Identity.decision) == identified_by)
        .order_by(col(Identity.person))
    )
    return {person: (ref, erased is not None) for person, ref, erased in rows}


_KEYS: Final = (
    select(col(Identity.person), col(IdentityKey.id), col(IdentityKey.wrapped), col(IdentityKey.master))
    .join(IdentityKey, col(IdentityKey.id) == col(Identity.key))
    .where(col(Identity.decision) == bindparam("of"))
)


async def wrapped_keys(connection: Connection, identified_by: UUID) -> list[tuple[str, UUID, bytes, str]]:
    """Person, key, wrapped key and its master, of those who are identified and not erased."""
    rows = await connection.execute(_KEYS, {"of": identified_by})
    return [(person, id_, bytes(wrapped), master) for person, id_, wrapped, master in rows]


async def add_consents(connection: Connection, rows: Sequence[Json]) -> None:
    """Adds consents."""
    await trail.add(connection, Consent, rows)


async def consents(connection: Connection, id_: UUID) -> list[ConsentRow]:
    """The consents of a verification, in the order in which they were given."""
    rows = await connection.execute(
        select(col(Consent.person), col(Consent.sources), col(Consent.until))
        .where(col(Consent.verification) == id_)
        .order_by(col(Consent.recorded_at), col(Consent.id))
    )
    return [ConsentRow(person, tuple(sources), until) for person, sources, until in rows]


async def consents_of(
    connection: Connection, refs: Sequence[str], purpose: str, jurisdiction: str, today: dt.date
) -> list[tuple[str, tuple[str, ...], dt.date]]:
    """Standing consents of some persons to a purpose in a place: reference, registers, last day; the longest first."""
    rows = await connection.execute(
        select(col(Identity.ref), col(Consent.sources), col(Consent.until))
        .join(Verification, col(Verification.id) == col(Consent.verification))
        .join(
            Identity,
            (col(Identity.decision) == col(Verification.identified_by)) & (col(Identity.person) == col(Consent.person)),
        )
        .where(
            col(Identity.ref).in_(refs),
            col(Consent.purpose) == purpose,
            col(Consent.until) >= today,
            col(Verification.jurisdiction) == jurisdiction,
        )
        .order_by(col(Consent.until).desc(), col(Consent.id))
    )
    return [(ref or "", tuple(sources), until) for ref, sources, until in rows]


async def resolutions(connection: Connection, id_: UUID) -> list[tuple[int, int, str, str, dt.datetime, bytes]]:
    """Resolutions in the order in which they were made: number, finding, person, subject, instant, sealed text."""
    rows = await connection.execute(
        select(
            col(VerificationResolution.number),
            col(VerificationResolution.finding),
            col(VerificationResolution.person),
            col(VerificationResolution.subject),
            col(VerificationResolution.at),
            col(VerificationResolution.sealed),
        )
        .where(col(VerificationResolution.verification) == id_)
        .order_by(col(VerificationResolution.number))
    )
    return [
        (number, finding, person, subject, at, bytes(text_)) for number, finding, person, subject, at, text_ in rows
    ]


async def add_resolution(connection: Connection, row: Json) -> None:
    """Adds a resolution."""
    await trail.add(connection, VerificationResolution, [row])


async def next_resolution(connection: Connection, id_: UUID) -> int:
    """The number of the next resolution of a verification; to be read under its lock."""
    of = col(VerificationResolution.verification) == id_
    return int(await connection.scalar(select(func.max(col(VerificationResolution.number))).where(of)) or 0) + 1
