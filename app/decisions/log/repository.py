"""SQL of the log: its lock, keys of requests, nodes of the tree, checkpoints, and the rows of a batch."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert as insert_new
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col

from app.core.errors import LogBroken
from app.db import trail
from app.db.connection import Connection
from app.db.tables import Alert, Checkpoint, Decision, Idempotency, LogNode, Record, Trail
from app.decisions.log.batch import Rows
from app.decisions.proofs.checkpoints import SignedCheckpoint
from app.decisions.proofs.merkle import Place
from app.decisions.repository import STORED, Stored, stored_of
from app.rules.values.strict_json import Json
from app.security.keyring import Keyring
from app.security.repository import add_identities

_LOCK: Final = 0x6C6F67  # the class of locks that order the writers of a log


async def lock_log(connection: Connection, origin: str) -> None:
    """Until the end of the transaction nobody else appends to the log."""
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:kind, hashtext(:origin))"), {"kind": _LOCK, "origin": origin}
    )


async def claims(connection: Connection, keys: Iterable[str]) -> dict[str, tuple[bytes, UUID]]:
    """The idempotency keys that were used: the digest of the request and the record it led to."""
    rows = await connection.execute(
        select(col(Idempotency.key), col(Idempotency.request), col(Idempotency.record)).where(
            col(Idempotency.key).in_(list(keys))
        )
    )
    return {key: (bytes(request), record_id) for key, request, record_id in rows}


async def record_at(connection: Connection, origin: str, index: int) -> Stored | None:
    """The record of a leaf."""
    found = await connection.execute(
        select(*STORED).where(col(Record.origin) == origin, col(Record.log_index) == index)
    )
    row = found.first()
    return stored_of(row) if row else None


async def nodes(connection: Connection, origin: str, places: Iterable[Place]) -> dict[Place, bytes]:
    """Hashes of a log's tree, those that there are."""
    wanted = sorted(set(places))
    if not wanted:
        return {}
    level, position = col(LogNode.level), col(LogNode.position)
    rows = await connection.execute(
        select(level, position, col(LogNode.hash)).where(
            col(LogNode.origin) == origin, tuple_(level, position).in_(wanted)
        )
    )
    return {(row[0], row[1]): bytes(row[2]) for row in rows}


async def latest_checkpoint(connection: Connection, origin: str) -> SignedCheckpoint | None:
    """The log as it was last signed; None for a log without records."""
    rows = await connection.execute(
        select(col(Checkpoint.body), col(Checkpoint.signature), col(Checkpoint.key))
        .where(col(Checkpoint.origin) == origin)
        .order_by(col(Checkpoint.size).desc())
        .limit(1)
    )
    row = rows.first()
    return SignedCheckpoint(row[0], bytes(row[1]), row[2]) if row else None


async def add_trail(connection: Connection, rows: list[Json], nodes: list[Json], signed: SignedCheckpoint) -> None:
    """Adds leaves of the trail, its tree, and the checkpoint over it."""
    for row in rows:
        row.setdefault("said", None)
    await connection.execute(insert(Trail), rows)
    await connection.execute(insert(LogNode), nodes)
    await connection.execute(insert(Checkpoint), [_checkpoint_row(signed.origin, signed.size, signed)])


async def rows_of(connection: Connection, table: str) -> AsyncIterator[Json]:
    """Reads every row of a table as a mapping of its columns."""
    rows = await connection.stream(select(SQLModel.metadata.tables[table]))
    async for row in rows.mappings():
        yield dict(row)


async def add_rows(connection: Connection, keyring: Keyring, rows: Rows, checkpoint: SignedCheckpoint) -> None:
    """Writes the records of a batch, all that is found by them, the tree, and the checkpoint over it.

    LogBroken if something is in the way: the lock admits one writer, so that no writer put it there.
    """
    try:
        await _add_rows(connection, rows, checkpoint)
        await add_identities(connection, keyring, rows.identities)  # last: others wait for its lock
    except IntegrityError as error:
        raise LogBroken from error


async def _add_rows(connection: Connection, rows: Rows, checkpoint: SignedCheckpoint) -> None:
    signed = _checkpoint_row(rows.origin, rows.frontier.size, checkpoint)
    for table, added in (
        (Idempotency, rows.claims),
        (Record, rows.records),
        (Decision, rows.decisions),
        (LogNode, rows.nodes),
        (Checkpoint, [signed]),
    ):
        if added:
            await connection.execute(insert(table), added)
    for other, row in rows.beside:
        await trail.add(connection, other, [row])
    if rows.alerts:  # the same alert again is that alert
        new = insert_new(Alert).on_conflict_do_nothing().returning(col(Alert.id))
        ids = set((await connection.execute(new, rows.alerts)).scalars())
        trail.leave(connection, Alert, [row for row in rows.alerts if row["id"] in ids])


def _checkpoint_row(origin: str, size: int, signed: SignedCheckpoint) -> Json:
    return {"origin": origin, "size": size, "body": signed.body, "signature": signed.signature, "key": signed.key}
