"""Rows that leave a trail. No record of the log says what they say, and somebody relies on them: who read what, who
consented, what a register reported. Each is a leaf of a log of its own, signed in the transaction that adds the row.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

if TYPE_CHECKING:
    from app.db.connection import Connection
    from app.db.tables import Table

# The tables, with the columns that go on changing and are therefore left out.
TRAILED: Final[dict[str, frozenset[str]]] = {
    "access_log": frozenset(),
    "erasure": frozenset(),
    "identity": frozenset(),
    "publication": frozenset(),
    "publication_outcome": frozenset(),
    "verification": frozenset(),
    "consent": frozenset(),
    "verification_query": frozenset({"state", "attempts", "next_at", "sent_at", "receipt", "problem"}),
    "verification_reuse": frozenset(),
    "verification_report": frozenset(),
    "verification_resolution": frozenset(),
    "alert": frozenset(),
    "alert_resolution": frozenset(),
    "replay_job": frozenset({"state", "cursor", "total", "done", "counts", "problem", "updated_at"}),
    "replay_result": frozenset(),
    "finding": frozenset(),
}
_WAITING: Final = "trail"

Leaf = tuple[str, bytes]
"""The name of a table and the digest of one of its rows."""


def row_digest(table: str, row: Mapping[str, Any]) -> bytes:
    """Compute the SHA-256 of a row as one canonical text: 32 bytes.

    What is null is left out, so that a column that a later release adds changes no digest.
    """
    left_out = TRAILED[table]
    said = {name: value for name, value in row.items() if value is not None and name not in left_out}
    return said_digest(table, said)


def said_digest(what: str, said: Mapping[str, Any]) -> bytes:
    """Compute the SHA-256 of what a leaf says: 32 bytes."""
    text = json.dumps([what, said], default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date | UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"{type(value).__name__} has no canonical text")


async def add(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows of a table that leaves a trail."""
    from sqlalchemy import insert

    if rows:
        await connection.execute(insert(table), rows)
        leave(connection, table, rows)


def leave(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let rows that this transaction added leave their trail when it ends."""
    from sqlalchemy import inspect

    names = {attribute.key: attribute.columns[0].name for attribute in inspect(table).column_attrs}
    name = str(table.__tablename__)
    waiting: list[Leaf] = connection.info.setdefault(_WAITING, [])
    waiting += [(name, row_digest(name, {names.get(key, key): row[key] for key in row})) for row in rows]


def taken(connection: Connection) -> list[Leaf]:
    """Take what rows of this transaction are to leave."""
    waiting: list[Leaf] = connection.info.pop(_WAITING, [])
    return waiting
