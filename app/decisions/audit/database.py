"""Checking the database itself: that every record, leaf, node, checkpoint, ruleset and pack is what was signed.

Nothing that is stored is trusted. The texts of the records come first; everything else must follow from them, up to
the roots that were signed, and every decision must come to itself again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

import orjson
from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from app.core.canonical_json import digest_of
from app.db.tables import Checkpoint, Decision, Idempotency, LogNode, Pack, Record, Ruleset
from app.decisions.proofs.check import Parts
from app.decisions.proofs.checkpoints import SignedCheckpoint
from app.decisions.proofs.findings import Report
from app.decisions.proofs.formats import CheckpointPart, PackPart, RulesetPart
from app.decisions.proofs.merkle import Frontier, Place, leaf_hash
from app.decisions.proofs.recheck import Recheck
from app.decisions.proofs.verify import Checked
from app.decisions.repository import STORED, Stored, stored_of
from app.rules.values.strict_json import Json

Progress = Callable[[int], None]
_CHUNK: Final = 1000


async def check_database(
    connection: AsyncConnection,
    origin: str,
    public_key: bytes,
    *,
    recompute: bool = True,
    progress: Progress = lambda _: None,
) -> Checked:
    """All that is wrong with one log and what it rests on."""
    report = Report()
    parts = Parts(report, public_key)
    packs = await _check_packs(connection, parts)
    await _check_rulesets(connection, parts)
    recheck = Recheck(report, packs) if recompute else None
    check = _Log(connection, origin, parts, recheck)
    await check.run(public_key, progress)
    return Checked(report.findings, recheck.done if recheck else 0)


async def _check_packs(connection: AsyncConnection, parts: Parts) -> dict[str, str]:
    rows = await connection.execute(select(col(Pack.digest), col(Pack.body)).order_by(col(Pack.digest)))
    packs = {row[0]: row[1] for row in rows}
    for digest, body in packs.items():
        parts.pack(PackPart.model_construct(digest=digest, body=body), digest)
    return packs


async def _check_rulesets(connection: AsyncConnection, parts: Parts) -> None:
    rows = await connection.execute(
        select(col(Ruleset.hash), col(Ruleset.content), col(Ruleset.packs)).order_by(col(Ruleset.hash))
    )
    for hash_, content, packs in rows:
        parts.ruleset(RulesetPart.model_construct(hash=hash_, content=content, packs=list(packs)), hash_)


@dataclass
class _Log:
    """The records in their order, the tree they grow, and the checkpoints that were signed over it."""

    connection: AsyncConnection
    origin: str
    parts: Parts
    recheck: Recheck | None
    frontier: Frontier = field(default_factory=Frontier.empty)

    async def run(self, public_key: bytes, progress: Progress) -> None:
        checkpoints = await self._checkpoints(public_key)
        async for chunk in self._chunks():
            expected = self._grow(chunk, checkpoints)
            await self._check_nodes(expected)
            await self._check_search(chunk)
            await self._check_claims(chunk)
            progress(self.frontier.size)
        for size in sorted(checkpoints):
            if size > self.frontier.size:
                self.parts.report.add("missing_record", index=self.frontier.size)
                break
        if self.frontier.size and self.frontier.size > max(checkpoints, default=0):
            self.parts.report.add("uncovered", index=max(checkpoints, default=0))

    def _grow(self, chunk: list[Stored], checkpoints: dict[int, bytes]) -> dict[Place, bytes]:
        """The tree with some more records; the nodes that must be stored for them."""
        expected: dict[Place, bytes] = {}
        for row in chunk:
            if row.index != self.frontier.size:
                self.parts.report.add("missing_record", index=self.frontier.size)
                return expected
            self._check_row(row)
            self.frontier, complete = self.frontier.append(leaf_hash(digest_of(row.body)))
            expected |= {(level, position): node for level, position, node in complete}
            root = checkpoints.get(self.frontier.size)
            if root is not None and root != self.frontier.root():
                self.parts.report.add("checkpoint_consistency", size=self.frontier.size)
        return expected

    def _check_row(self, row: Stored) -> None:
        """A record by itself: its digest, its form, where it is filed, and what its rules come to."""
        report = self.parts.report
        if digest_of(row.body) != row.digest:
            report.add("record_digest", index=row.index, subject=str(row.id))
        body = row.body.decode(errors="replace")
        self.parts.record(row.index, body, str(row.id))
        try:
            content: Json = orjson.loads(row.body)
        except ValueError:
            return  # said above
        names = ("id", "kind", "decision", "jurisdiction", "origin")
        said = tuple(content.get(name) for name in names) if isinstance(content, dict) else ()
        if said != (str(row.id), row.kind, str(row.decision), row.jurisdiction, self.origin):
            report.add("record_columns", index=row.index, subject=str(row.id))
        if self.recheck is not None:
            self.recheck.check(row.index, body)

    async def _check_nodes(self, expected: dict[Place, bytes]) -> None:
        """The stored nodes are those that follow from the records."""
        stored = await self._nodes(expected)
        for place, node in sorted(expected.items()):
            if stored.get(place) != node:
                level, position = place
                if level == 0:
                    self.parts.report.add("leaf", index=position)
                else:
                    self.parts.report.add("node", subject=f"{level}/{position}")

    async def _nodes(self, expected: dict[Place, bytes]) -> dict[Place, bytes]:
        if not expected:
            return {}
        level, position = col(LogNode.level), col(LogNode.position)
        levels: dict[int, list[int]] = {}
        for at, place in expected:
            levels.setdefault(at, []).append(place)
        ranges = [and_(level == at, position.between(min(places), max(places))) for at, places in levels.items()]
        rows = await self.connection.execute(
            select(level, position, col(LogNode.hash)).where(col(LogNode.origin) == self.origin, or_(*ranges))
        )
        return {(row[0], row[1]): bytes(row[2]) for row in rows}

    async def _check_search(self, chunk: list[Stored]) -> None:
        """Decisions are found under what their records say."""
        decisions = [row for row in chunk if row.kind == "decision"]
        rows = await self.connection.execute(
            select(
                *(col(column) for column in (Decision.id, Decision.jurisdiction, Decision.household_ref)),
                *(col(column) for column in (Decision.case_number, Decision.ruleset, Decision.date)),
                *(col(column) for column in (Decision.corrects, Decision.succeeds)),
            ).where(col(Decision.id).in_([row.id for row in decisions]))
        )
        found = {row[0]: tuple(None if value is None else str(value) for value in row[1:]) for row in rows}
        for row in decisions:
            if found.get(row.id) != _searched(row.body):
                self.parts.report.add("search", index=row.index, subject=str(row.id))

    async def _check_claims(self, chunk: list[Stored]) -> None:
        """An idempotency key leads to each record."""
        wanted = [row.id for row in chunk]
        rows = await self.connection.execute(select(col(Idempotency.record)).where(col(Idempotency.record).in_(wanted)))
        claimed = set(rows.scalars())
        for row in chunk:
            if row.id not in claimed:
                self.parts.report.add("claim", index=row.index, subject=str(row.id))

    async def _checkpoints(self, public_key: bytes) -> dict[int, bytes]:
        """The roots that were signed, by size; those that cannot be read or are not signed are found here."""
        rows = await self.connection.stream(
            select(col(Checkpoint.size), col(Checkpoint.body), col(Checkpoint.signature), col(Checkpoint.key))
            .where(col(Checkpoint.origin) == self.origin)
            .order_by(col(Checkpoint.size))
        )
        roots: dict[int, bytes] = {}
        async for size, body, signature, key in rows:
            signed = SignedCheckpoint(body, bytes(signature), key)
            checked = self.parts.checkpoint(CheckpointPart.of(signed, public_key), f"checkpoint {size}")
            if checked is None:
                continue
            if (checked.origin, checked.size) != (self.origin, size):
                self.parts.report.add("origin", size=size, subject=checked.origin)
            roots[size] = checked.root
        return roots

    async def _chunks(self) -> AsyncIterator[list[Stored]]:
        after = -1
        while True:
            rows = await self.connection.execute(
                select(*STORED)
                .where(col(Record.origin) == self.origin, col(Record.log_index) > after)
                .order_by(col(Record.log_index))
                .limit(_CHUNK)
            )
            chunk = [stored_of(row) for row in rows]
            if chunk:
                yield chunk
                after = chunk[-1].index
            if len(chunk) < _CHUNK:
                return


def _searched(body: bytes) -> tuple[str | None, ...] | None:
    """What a decision's record says of the columns it is found by; None for a text that says nothing."""
    names = ("jurisdiction", "household_ref", "case", "ruleset", "date", "corrects", "succeeds")
    try:
        record: Json = orjson.loads(body)
        return tuple(record[name] for name in names)
    except (ValueError, LookupError, TypeError):
        return None
