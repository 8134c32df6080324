"""Checking the tree of a log: the stored nodes follow from its leaves, and the signed roots from both."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from app.db.connection import Connection
from app.decisions.audit import repository
from app.decisions.proofs.check import Parts
from app.decisions.proofs.merkle import Frontier, Place, leaf_hash


@dataclass
class Tree:
    """A log's tree as it grows, and the checkpoints that were signed over it."""

    connection: Connection
    origin: str
    parts: Parts
    frontier: Frontier = field(default_factory=Frontier.empty)
    checkpoints: dict[int, bytes] = field(default_factory=dict)

    async def read_checkpoints(self) -> None:
        """Read the roots that were signed, by size; those that cannot be read or are not signed are found here."""
        async for size, signed in repository.checkpoints(self.connection, self.origin):
            where = f"checkpoint {size}"
            try:
                checked = self.parts.checkpoint(self.parts.signed(signed), where)
            except ValidationError:  # a key's name that is none
                self.parts.report.add("format", subject=where)
                continue
            if checked is None:
                continue
            if (checked.origin, checked.size) != (self.origin, size):
                self.parts.report.add("origin", size=size, subject=checked.origin)
            self.checkpoints[size] = checked.root

    def grow(self, digest: bytes) -> dict[Place, bytes]:
        """Add a leaf; return the nodes that must be stored for it."""
        self.frontier, complete = self.frontier.append(leaf_hash(digest))
        root = self.checkpoints.get(self.frontier.size)
        if root is not None and root != self.frontier.root():
            self.parts.report.add("checkpoint_consistency", size=self.frontier.size)
        return {(level, position): node for level, position, node in complete}

    async def check_nodes(self, expected: dict[Place, bytes]) -> None:
        """The stored nodes are those that follow from the leaves."""
        stored = await repository.nodes_around(self.connection, self.origin, expected)
        for place, node in sorted(expected.items()):
            if stored.get(place) != node:
                level, position = place
                if level == 0:
                    self.parts.report.add("leaf", index=position)
                else:
                    self.parts.report.add("node", subject=f"{level}/{position}")

    def finish(self) -> None:
        """What was signed is there, and what is there was signed."""
        size, covered = self.frontier.size, max(self.checkpoints, default=0)
        if covered > size:
            self.parts.report.add("missing_record", index=size)
        if size > covered:
            self.parts.report.add("uncovered", index=covered)
