"""SQL of the audit: everything a log consists of, read in its order and in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from app.db.connection import Connection
from app.db.tables import Checkpoint, Decision, Idempotency, LogNode, Pack, Record, Ruleset
from app.decisions.proofs.checkpoints import SignedCheckpoint
from app.decisions.proofs.formats import BundlePack, BundleRuleset
from app.decisions.proofs.merkle import Place
from app.decisions.repository import STORED, Stored, stored_of

CHUNK: Final = 1000


async def packs(connection: Connection) -> AsyncIterator[BundlePack]:
    """Every stored pack, not checked."""
    rows = await connection.stream(select(col(Pack.digest), col(Pack.body)).order_by(col(Pack.digest)))
    async for digest, body in rows:
        yield BundlePack.model_construct(digest=digest, body=body)


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
    """What decisions are found by: place, household, case, ruleset, day, and what they correct or succeed."""
    columns = (
        col(Decision.jurisdiction),
        col(Decision.household_ref),
        col(Decision.case_number),
        col(Decision.ruleset),
        col(Decision.date),
        col(Decision.corrects),
        col(Decision.succeeds),
    )
    rows = await connection.execute(select(col(Decision.id), *columns).where(col(Decision.id).in_(decisions)))
    return {row[0]: tuple(None if value is None else str(value) for value in row[1:]) for row in rows}


async def claimed(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """The records that an idempotency key leads to."""
    rows = await connection.execute(select(col(Idempotency.record)).where(col(Idempotency.record).in_(ids)))
    return set(rows.scalars())
