"""SQL of the audit: everything a log consists of, read in its order and in pieces."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlmodel import SQLModel, col

from app.db.connection import Connection
from app.db.tables import (
    Checkpoint,
    Decision,
    Erasure,
    Idempotency,
    Identity,
    IdentityKey,
    LogNode,
    Pack,
    PersonMark,
    Record,
    Ruleset,
    Trail,
)
from app.decisions.proofs.checkpoints import SignedCheckpoint
from app.decisions.proofs.formats import BundlePack, BundleRuleset
from app.decisions.proofs.merkle import Place
from app.decisions.repository import STORED, Stored, stored_of
from app.decisions.stored_rules.repository import KeptRuleset
from app.rules.values.strict_json import Json

CHUNK: Final = 1000


async def packs(connection: Connection) -> AsyncIterator[BundlePack]:
    """Every stored pack, not checked."""
    rows = await connection.stream(select(col(Pack.digest), col(Pack.body)).order_by(col(Pack.digest)))
    async for digest, body in rows:
        yield BundlePack.model_construct(digest=digest, body=body)


async def filed_packs(connection: Connection) -> list[tuple[str, str, str]]:
    """Every stored pack with the division it is filed under: digest, division, body."""
    rows = await connection.execute(select(col(Pack.digest), col(Pack.division), col(Pack.body)))
    return [(digest, division, body) for digest, division, body in rows]


async def filed_rulesets(connection: Connection) -> list[KeptRuleset]:
    """Every stored ruleset with the engine and the question it is filed under."""
    rows = await connection.execute(
        select(col(Ruleset.hash), col(Ruleset.engine), col(Ruleset.content), col(Ruleset.packs), col(Ruleset.resolved))
    )
    return [KeptRuleset(*row) for row in rows]


async def rulesets(connection: Connection) -> AsyncIterator[BundleRuleset]:
    """Every stored ruleset, not checked."""
    rows = await connection.stream(
        select(col(Ruleset.hash), col(Ruleset.content), col(Ruleset.packs)).order_by(col(Ruleset.hash))
    )
    async for hash_, content, named in rows:
        yield BundleRuleset.model_construct(hash=hash_, content=content, packs=list(named))


async def checkpoints(connection: Connection, origin: str) -> AsyncIterator[tuple[int, SignedCheckpoint]]:
    """Every checkpoint of a log with the size it is stored under."""
    rows = await connection.stream(
        select(col(Checkpoint.size), col(Checkpoint.body), col(Checkpoint.signature), col(Checkpoint.key))
        .where(col(Checkpoint.origin) == origin)
        .order_by(col(Checkpoint.size))
    )
    async for size, body, signature, key in rows:
        yield size, SignedCheckpoint(body, bytes(signature), key)


async def origins(connection: Connection) -> set[str]:
    """The names of all logs."""
    return set((await connection.execute(select(col(Checkpoint.origin)).distinct())).scalars())


async def records(connection: Connection, origin: str) -> AsyncIterator[list[Stored]]:
    """Every record of a log, a thousand at a time."""
    after = -1
    while True:
        rows = await connection.execute(
            select(*STORED)
            .where(col(Record.origin) == origin, col(Record.log_index) > after)
            .order_by(col(Record.log_index))
            .limit(CHUNK)
        )
        chunk = [stored_of(row) for row in rows]
        if chunk:
            yield chunk
            after = chunk[-1].index
        if len(chunk) < CHUNK:
            return


async def trail(connection: Connection) -> AsyncIterator[list[tuple[int, str, bytes, Json | None]]]:
    """The leaves of the trail, a thousand at a time."""
    after = -1
    while True:
        rows = await connection.execute(
            select(col(Trail.position), col(Trail.kind), col(Trail.digest), col(Trail.said))
            .where(col(Trail.position) > after)
            .order_by(col(Trail.position))
            .limit(CHUNK)
        )
        chunk = [(position, kind, bytes(digest), said) for position, kind, digest, said in rows]
        if chunk:
            yield chunk
            after = chunk[-1][0]
        if len(chunk) < CHUNK:
            return


def key_of(table: str) -> list[str]:
    """The columns that name a row of a table."""
    return [column.name for column in SQLModel.metadata.tables[table].primary_key]


async def filed(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[dt.datetime, dt.date]]:
    """When records were recorded, and the months they are filed under."""
    rows = await connection.execute(
        select(col(Record.id), col(Record.recorded_at), col(Record.month)).where(col(Record.id).in_(ids))
    )
    return {id_: (at, month) for id_, at, month in rows}


async def scopes(connection: Connection) -> AsyncIterator[Json]:
    """Every stored scope."""
    rows = await connection.stream(select(*SQLModel.metadata.tables["scope"].columns))
    async for row in rows.mappings():
        yield dict(row)


async def identities(connection: Connection) -> AsyncIterator[tuple[Any, ...]]:
    """Everybody identified: decision, person, sealed text, reference, key, wrapped key, master, erasure, and the record."""
    rows = await connection.stream(
        select(
            col(Identity.decision),
            col(Identity.person),
            col(Identity.sealed),
            col(Identity.ref),
            col(IdentityKey.id),
            col(IdentityKey.wrapped),
            col(IdentityKey.master),
            col(Erasure.at),
            col(Record.body),
        )
        .outerjoin(IdentityKey, col(IdentityKey.id) == col(Identity.key))
        .outerjoin(Erasure, col(Erasure.ref) == col(Identity.ref))
        .outerjoin(Record, col(Record.id) == col(Identity.decision))
    )
    async for row in rows:
        yield tuple(row)


async def marks(connection: Connection) -> dict[tuple[str, bytes], str]:
    """The marks of persons: the references by master key and mark."""
    rows = await connection.execute(select(col(PersonMark.master), col(PersonMark.mark), col(PersonMark.ref)))
    return {(master, bytes(mark)): ref for master, mark, ref in rows}


async def nodes_around(connection: Connection, origin: str, places: Iterable[Place]) -> dict[Place, bytes]:
    """The stored nodes of a log between the first and the last place of each level."""
    level, position = col(LogNode.level), col(LogNode.position)
    levels: dict[int, list[int]] = {}
    for at, place in places:
        levels.setdefault(at, []).append(place)
    if not levels:
        return {}
    ranges = [and_(level == at, position.between(min(found), max(found))) for at, found in levels.items()]
    rows = await connection.execute(
        select(level, position, col(LogNode.hash)).where(col(LogNode.origin) == origin, or_(*ranges))
    )
    return {(row[0], row[1]): bytes(row[2]) for row in rows}


async def searched_by(connection: Connection, decisions: Sequence[UUID]) -> dict[UUID, tuple[str | None, ...]]:
    """What decisions are found by, each column as a text, those of SEARCHED in their order."""
    columns = (
        col(Decision.jurisdiction),
        col(Decision.household_ref),
        col(Decision.case_number),
        col(Decision.ruleset),
        col(Decision.date),
        col(Decision.corrects),
        col(Decision.succeeds),
        col(Decision.division),
        col(Decision.kind),
        col(Decision.accepted_on),
        col(Decision.engine),
        func.array_to_string(col(Decision.outcomes), " "),
        col(Decision.month),
        col(Decision.scope),
    )
    rows = await connection.execute(select(col(Decision.id), *columns).where(col(Decision.id).in_(decisions)))
    return {row[0]: tuple(None if value is None else str(value) for value in row[1:]) for row in rows}


async def claimed(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, tuple[dt.datetime, dt.date]]:
    """The records that an idempotency key leads to, with the instant and the month it says."""
    rows = await connection.execute(
        select(col(Idempotency.record), col(Idempotency.at), col(Idempotency.month)).where(
            col(Idempotency.record).in_(ids)
        )
    )
    return {id_: (at, month) for id_, at, month in rows}
