"""SQL of persons: where each is identified, erasures, who is long without a record, and the keys that seal them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CompoundSelect, delete, exists, func, insert, select, text
from sqlmodel import col

from app.db import trail
from app.db.connection import Connection
from app.db.tables import Decision, Erasure, Identity, IdentityKey, PersonMark, Verification
from app.decisions.search_repository import lies_in
from app.rules.facts.request import SHANGHAI

_CLEAR_AWAY: Final = "VACUUM (SKIP_LOCKED) identity_key, person_mark"


@dataclass(frozen=True)
class ErasureRow:
    """That a person was erased."""

    ref: str
    at: dt.datetime
    subject: str
    reason: str


@dataclass(frozen=True)
class SealedKey:
    """A key of an identity as a master key wrapped it, with what it seals."""

    key_id: UUID
    wrapped: bytes
    master: str
    decision: UUID
    person: str
    sealed: bytes
    ref: str | None


# where a person is identified


async def decisions_of(connection: Connection, ref: str, areas: Iterable[str]) -> list[UUID]:
    """The decisions of some areas in which a person is identified, oldest first."""
    return await _identified_under(connection, Decision, ref, areas)


async def verifications_of(connection: Connection, ref: str, areas: Iterable[str]) -> list[UUID]:
    """The verifications of some areas, of households that were not proposed, in which a person is identified."""
    return await _identified_under(connection, Verification, ref, areas)


async def _identified_under(
    connection: Connection, kept: type[Decision] | type[Verification], ref: str, areas: Iterable[str]
) -> list[UUID]:
    rows = await connection.execute(
        select(col(Identity.decision))
        .join(kept, col(kept.id) == col(Identity.decision))
        .where(col(Identity.ref) == ref, lies_in(col(kept.jurisdiction), areas))
        .order_by(col(Identity.decision))
    )
    return list(dict.fromkeys(rows.scalars()))


async def jurisdictions_of(connection: Connection, ref: str) -> list[str]:
    """Every place with a decision or a verification in which a person is identified."""
    rows = await connection.execute(
        select(col(Decision.jurisdiction))
        .join(Identity, col(Identity.decision) == col(Decision.id))
        .where(col(Identity.ref) == ref)
        .union(
            select(col(Verification.jurisdiction))
            .join(Identity, col(Identity.decision) == col(Verification.id))
            .where(col(Identity.ref) == ref)
        )
    )
    return list(rows.scalars())


# erasures


async def erasure_of(connection: Connection, ref: str) -> ErasureRow | None:
    """The erasure of a person, if it is erased."""
    rows = await connection.execute(
        select(col(Erasure.ref), col(Erasure.at), col(Erasure.subject), col(Erasure.reason)).where(
            col(Erasure.ref) == ref
        )
    )
    row = rows.first()
    return ErasureRow(*row) if row else None


async def erase(connection: Connection, row: ErasureRow) -> None:
    """Deletes the keys of everything that is sealed about a person and the marks that find it; records the erasure."""
    keys = select(col(Identity.key)).where(col(Identity.ref) == row.ref)
    await connection.execute(delete(IdentityKey).where(col(IdentityKey.id).in_(keys)))
    await connection.execute(delete(PersonMark).where(col(PersonMark.ref) == row.ref))
    await trail.add(connection, Erasure, [vars(row)])


async def clear_away(connection: Connection) -> None:
    """Overwrites what was deleted from the tables of keys and marks; outside of any transaction."""
    await connection.execution_options(isolation_level="AUTOCOMMIT")
    await connection.execute(text(_CLEAR_AWAY))


# who is long without a record


async def not_recorded_since(connection: Connection, day: dt.date, after: str, size: int) -> list[str]:
    """References, in their order, of those who are not erased and about whom nothing was recorded on a day or later."""
    about = _recorded_about().subquery()
    rows = await connection.execute(
        select(about.c.ref)
        .where(about.c.ref > after, exists().where(col(PersonMark.ref) == about.c.ref))
        .group_by(about.c.ref)
        .having(func.max(about.c.day) < day)
        .order_by(about.c.ref)
        .limit(size)
    )
    return list(rows.scalars())


def _recorded_about() -> CompoundSelect[Any]:
    """Everybody who is identified, with the days on which that came: with a decision (its month), or a verification."""
    decided = select(col(Identity.ref).label("ref"), col(Decision.month).label("day")).join(  # type: ignore[var-annotated]  # it infers none
        Decision, col(Decision.id) == col(Identity.decision)
    )
    created = func.date(func.timezone(SHANGHAI.key, col(Verification.created_at)))
    verified = select(col(Identity.ref), created).join(
        Verification, col(Verification.identified_by) == col(Identity.decision)
    )
    return decided.union_all(verified)


async def last_verified(connection: Connection, ref: str) -> dt.datetime | None:
    """The instant at which the last verification of a person was begun; None if there is none."""
    found: dt.datetime | None = await connection.scalar(
        select(func.max(col(Verification.created_at)))
        .join(Identity, col(Verification.identified_by) == col(Identity.decision))
        .where(col(Identity.ref) == ref)
    )
    return found


# the keys that seal them


async def count_keys(connection: Connection) -> int:
    """Counts the keys of identities."""
    return int(await connection.scalar(select(func.count()).select_from(IdentityKey)) or 0)


async def keys_of_other_masters(connection: Connection, master: str, after: UUID, size: int) -> list[SealedKey]:
    """Keys of identities that other master keys wrapped, in the order of their ids."""
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
        .where(col(IdentityKey.id) > after, col(IdentityKey.master) != master)
        .order_by(col(IdentityKey.id))
        .limit(size)
    )
    return [SealedKey(*row) for row in rows]


async def wrap_anew(connection: Connection, master: str, wrapped: Mapping[UUID, bytes]) -> None:
    """Puts keys back as a master key wrapped them. Rows may be added and deleted, never changed."""
    await connection.execute(delete(IdentityKey).where(col(IdentityKey.id).in_(wrapped)))
    rows = [{"id": id_, "wrapped": key, "master": master} for id_, key in wrapped.items()]
    await connection.execute(insert(IdentityKey), rows)


async def marked_by(connection: Connection, master: str, refs: Iterable[str]) -> set[str]:
    """Those of some persons whom a master key has marked."""
    rows = await connection.execute(
        select(col(PersonMark.ref)).where(col(PersonMark.master) == master, col(PersonMark.ref).in_(refs))
    )
    return set(rows.scalars())


async def add_marks(connection: Connection, master: str, marks: Sequence[tuple[bytes, str]]) -> None:
    """Adds marks of a master key, each with the reference it leads to."""
    if marks:
        await connection.execute(
            insert(PersonMark), [{"master": master, "mark": mark, "ref": ref} for mark, ref in marks]
        )


async def keep_only_marks_of(connection: Connection, master: str) -> None:
    """Deletes the marks of every other master key."""
    await connection.execute(delete(PersonMark).where(col(PersonMark.master) != master))
