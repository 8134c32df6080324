"""The trail: a log of its own whose leaves are rows of tables that no record speaks of (app/db/trail.py).

Its first leaf says what was there before it: how many rows each table had, and one digest over them. What they said
earlier cannot be proved; that they were changed since can.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Final

from app.db.connection import Connection
from app.db.database import Database
from app.db.trail import TRAILED, Leaf, row_digest, said_digest
from app.decisions.log import repository
from app.decisions.log.reader import head
from app.decisions.proofs.checkpoints import Signer
from app.decisions.proofs.merkle import Frontier, leaf_hash
from app.rules.values.strict_json import Json

TRAIL: Final = "/trail"  # its name among the logs: one for each database
BEFORE: Final = "before"


class Trail:
    """Writes the trail, each part in the transaction whose rows it is about."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._frontier = Frontier.empty()

    async def begin(self, database: Database) -> None:
        """Begin the trail of a database that has none."""
        async with database.begin() as connection:
            if await repository.latest_checkpoint(connection, TRAIL) is None:
                await self(connection, [])

    async def __call__(self, connection: Connection, leaves: list[Leaf]) -> None:
        """Add leaves and sign the trail. Raises LogBroken if it is not the one that was signed."""
        await repository.lock_log(connection, TRAIL)
        frontier = await head(connection, TRAIL, self._frontier)
        rows: list[Json] = [{"kind": kind, "digest": digest} for kind, digest in leaves]
        if frontier.size == 0:
            rows.insert(0, await _before(connection, {digest for _, digest in leaves}))
        if not rows:
            return
        nodes = []
        for row in rows:
            row["position"] = frontier.size
            frontier, complete = frontier.append(leaf_hash(row["digest"]))
            nodes += [{"origin": TRAIL, "level": at, "position": place, "hash": node} for at, place, node in complete]
        now = dt.datetime.now(dt.UTC)  # of the signature, not of what it is about
        signed = self._signer.sign(TRAIL, frontier.size, frontier.root(), now)
        await repository.add_trail(connection, rows, nodes, signed)
        self._frontier = frontier  # if this is undone the next one finds that it does not fit, and reads


async def _before(connection: Connection, new: set[bytes]) -> Json:
    """The leaf that says what was there before; rows of this transaction were not."""
    said = {}
    for table in TRAILED:
        digests = sorted([one async for one in digests_of(connection, table) if one not in new])
        said[table] = summary(digests)
    return {"kind": BEFORE, "digest": said_digest(BEFORE, said), "said": said}


def summary(digests: list[bytes]) -> Json:
    """How many rows, and one digest over theirs in their order."""
    return {"rows": len(digests), "digest": said_digest(BEFORE, {"rows": [one.hex() for one in digests]}).hex()}


async def digests_of(connection: Connection, table: str) -> AsyncIterator[bytes]:
    """The digests of a table's rows as they are now."""
    async for row in repository.rows_of(connection, table):
        yield row_digest(table, row)
