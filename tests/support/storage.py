"""A storage to test with, what to send it, and what must hold of a log whatever happened."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.core.canonical_json import digest_of
from app.db.database import Database
from app.db.tables import Checkpoint, Decision, Idempotency, LogNode, Record
from app.db.urls import arguments
from app.decisions.proofs.checkpoints import SignedCheckpoint, verify_checkpoint
from app.decisions.proofs.merkle import Frontier, leaf_hash
from app.rules.facts.examples import FAMILY_OF_THREE as EXAMPLE
from app.rules.history import RulesHistory
from app.rules.values.strict_json import Json
from app.storage import Storage
from tests.support.callers import OFFICER
from tests.support.database.rows import insert_only
from tests.support.rules import rules

ORIGIN: Final = "log.example/999900"


def household(case: str | None = None) -> Json:
    """What proposes the worked example."""
    return copy.deepcopy(EXAMPLE) | ({"case": case} if case else {})


@asynccontextmanager
async def storage_on(database: Database, data: Path, origin: str = ORIGIN) -> AsyncIterator[Storage]:
    """A storage as one process has it; the database is not its own."""
    storage = Storage(database, data, origin, RulesHistory(rules()))
    try:
        yield storage
    finally:
        await storage.writer.close()


async def propose(storage: Storage, key: str, case: str | None = None) -> str:
    """The id of a new proposal."""
    written, _ = await storage.decisions.propose(OFFICER, household(case), key)
    return str(written.id)


async def counts(database: Database) -> dict[str, int]:
    """The rows of every table."""
    connection = await asyncpg.connect(**arguments(database.owner_url))
    try:
        return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in SQLModel.metadata.tables}
    finally:
        await connection.close()


async def as_owner(database: Database, *statements: str) -> None:
    """What only somebody with the owner's rights and ill will does: changes behind the back of the triggers."""
    connection = await asyncpg.connect(**arguments(database.owner_url))
    try:
        for table in insert_only():
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def sound(database: Database, public_key: bytes, origin: str = ORIGIN) -> int:
    """How many records the log has, after everything was compared that must agree."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            select(col(Record.log_index), col(Record.body), col(Record.digest), col(Record.id), col(Record.kind))
            .where(col(Record.origin) == origin)
            .order_by(col(Record.log_index))
        )
        records = [(index, bytes(body), bytes(digest), id_, kind) for index, body, digest, id_, kind in rows]
        claimed = list((await connection.execute(select(col(Idempotency.record)))).scalars())
        searched = set((await connection.execute(select(col(Decision.id)))).scalars())
        nodes = {
            (level, position): bytes(hash_)
            for level, position, hash_ in await connection.execute(
                select(col(LogNode.level), col(LogNode.position), col(LogNode.hash)).where(
                    col(LogNode.origin) == origin
                )
            )
        }
        signed = [
            SignedCheckpoint(body, bytes(signature), key)
            for body, signature, key in await connection.execute(
                select(col(Checkpoint.body), col(Checkpoint.signature), col(Checkpoint.key))
                .where(col(Checkpoint.origin) == origin)
                .order_by(col(Checkpoint.size))
            )
        ]
    assert [index for index, *_ in records] == list(range(len(records)))
    assert all(digest_of(body) == digest for _, body, digest, _, _ in records)
    assert sorted(claimed) == sorted(id_ for *_, id_, _ in records)
    assert searched == {id_ for *_, id_, kind in records if kind == "decision"}
    _tree_is_sound([leaf_hash(digest) for _, _, digest, _, _ in records], nodes, signed, public_key)
    return len(records)


def _tree_is_sound(
    leaves: list[bytes], nodes: dict[tuple[int, int], bytes], signed: list[SignedCheckpoint], public_key: bytes
) -> None:
    """The nodes are those that the leaves make, and every checkpoint is signed over the root of its size."""
    wanted: dict[tuple[int, int], bytes] = {}
    frontier, roots = Frontier.empty(), {}
    for leaf in leaves:
        frontier, complete = frontier.append(leaf)
        wanted |= {(level, position): node for level, position, node in complete}
        roots[frontier.size] = frontier.root()
    assert nodes == wanted
    assert all(verify_checkpoint(one, public_key) for one in signed)
    assert [one.root for one in signed] == [roots[one.size] for one in signed]
    assert [one.size for one in signed][-1:] == ([len(leaves)] if leaves else [])


async def outcomes(*waiting: Any) -> list[Any]:
    """What each came to, be it an exception."""
    return await asyncio.gather(*waiting, return_exceptions=True)
