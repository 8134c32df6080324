"""Checking the database itself: that every record, leaf, node, checkpoint, ruleset and pack is what was signed.

Nothing that is stored is trusted. The texts of the records come first; everything else must follow from them, up to
the roots that were signed, and every decision must come to itself again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import orjson

from app.core.canonical_json import digest_of
from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.keys.signed import public_keys
from app.decisions.proofs.check import Parts
from app.decisions.proofs.findings import Report
from app.decisions.proofs.merkle import Frontier, Place, leaf_hash
from app.decisions.proofs.recheck import Recheck
from app.decisions.proofs.verify import Checked
from app.decisions.repository import Stored
from app.rules.values.strict_json import Json

Progress = Callable[[int], None]


async def check_database(
    connection: Connection,
    origin: str,
    public_key: bytes,
    *,
    recompute: bool = True,
    progress: Progress = lambda _: None,
) -> Checked:
    """All that is wrong with one log and what it rests on."""
    report = Report()
    keys = await public_keys(connection, public_key)
    parts = Parts(report, public_key, earlier=keys)
    packs = await _check_packs(connection, parts)
    await _check_rulesets(connection, parts)
    recheck = Recheck(report, packs) if recompute else None
    check = _Log(connection, origin, parts, recheck)
    await check.run(progress)
    return Checked(report.findings, recheck.done if recheck else 0)


async def _check_packs(connection: Connection, parts: Parts) -> dict[str, str]:
    """Checks every stored pack; their bodies by digest."""
    packs = {}
    async for part in repository.packs(connection):
        parts.pack(part, part.digest)
        packs[part.digest] = part.body
    return packs


async def _check_rulesets(connection: Connection, parts: Parts) -> None:
    async for part in repository.rulesets(connection):
        parts.ruleset(part, part.hash)


@dataclass
class _Log:
    """The records in their order, the tree they grow, and the checkpoints that were signed over it."""

    connection: Connection
    origin: str
    parts: Parts
    recheck: Recheck | None
    frontier: Frontier = field(default_factory=Frontier.empty)

    async def run(self, progress: Progress) -> None:
        checkpoints = await self._checkpoints()
        async for chunk in repository.records(self.connection, self.origin):
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
        stored = await repository.nodes_around(self.connection, self.origin, expected)
        for place, node in sorted(expected.items()):
            if stored.get(place) != node:
                level, position = place
                if level == 0:
                    self.parts.report.add("leaf", index=position)
                else:
                    self.parts.report.add("node", subject=f"{level}/{position}")

    async def _check_search(self, chunk: list[Stored]) -> None:
        """Decisions are found under what their records say."""
        decisions = [row for row in chunk if row.kind == "decision"]
        found = await repository.searched_by(self.connection, [row.id for row in decisions])
        for row in decisions:
            if found.get(row.id) != _searched(row.body):
                self.parts.report.add("search", index=row.index, subject=str(row.id))

    async def _check_claims(self, chunk: list[Stored]) -> None:
        """An idempotency key leads to each record."""
        claimed = await repository.claimed(self.connection, [row.id for row in chunk])
        for row in chunk:
            if row.id not in claimed:
                self.parts.report.add("claim", index=row.index, subject=str(row.id))

    async def _checkpoints(self) -> dict[int, bytes]:
        """The roots that were signed, by size; those that cannot be read or are not signed are found here."""
        roots: dict[int, bytes] = {}
        async for size, signed in repository.checkpoints(self.connection, self.origin):
            checked = self.parts.checkpoint(self.parts.signed(signed), f"checkpoint {size}")
            if checked is None:
                continue
            if (checked.origin, checked.size) != (self.origin, size):
                self.parts.report.add("origin", size=size, subject=checked.origin)
            roots[size] = checked.root
        return roots


def _searched(body: bytes) -> tuple[str | None, ...] | None:
    """What a decision's record says of the columns it is found by; None for a text that says nothing."""
    names = ("jurisdiction", "household_ref", "case", "ruleset", "date", "corrects", "succeeds")
    try:
        record: Json = orjson.loads(body)
        return tuple(record[name] for name in names)
    except (ValueError, LookupError, TypeError):
        return None
