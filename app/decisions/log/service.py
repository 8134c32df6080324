"""The log as anybody may ask for it: checkpoints, entries, proofs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.core.canonical_json import digest_text
from app.db.database import Database
from app.decisions.keys.signed import public_keys
from app.decisions.log.reader import LogReader
from app.decisions.log.schemas import CheckpointAnswer, ConsistencyProof, InclusionProof, LogEntry
from app.decisions.proofs.checkpoints import Signer
from app.decisions.proofs.formats import SignedPart
from app.decisions.proofs.merkle import leaf_hash


class Log:
    """Reads logs. Each method takes the log's name, this service's own if it is None."""

    def __init__(self, database: Database, signer: Signer, origin: str) -> None:
        self.database = database
        self.signer = signer
        self.origin = origin

    async def checkpoint(self, origin: str | None) -> CheckpointAnswer:
        """The log as it was last signed. NoSuchEntry for one without records."""
        async with self._reader(origin) as log:
            signed = await log.checkpoint()
            keys = await public_keys(log.connection, self.signer.public_key)
        head = signed.head
        part = SignedPart.of(signed, keys.get(signed.key, self.signer.public_key))
        return CheckpointAnswer(
            origin=head.origin, size=head.size, root=head.root, time=head.time, **part.model_dump(mode="json")
        )

    async def entry(self, index: int, origin: str | None) -> LogEntry:
        """What a leaf stands for; not what the record says. NoSuchEntry if there is none."""
        async with self._reader(origin) as log:
            found = await log.entry(index)
        return LogEntry(
            origin=found.origin,
            index=found.index,
            id=str(found.id),
            kind=found.kind,
            decision=str(found.decision),
            digest=digest_text(found.digest),
            leaf=digest_text(leaf_hash(found.digest)),
        )

    async def inclusion(self, leaf: int, size: int, origin: str | None) -> InclusionProof:
        """The audit path of a leaf. NoSuchEntry if there is no such leaf or tree."""
        async with self._reader(origin) as log:
            path, root = await log.inclusion(leaf, size), await log.root(size)
        return InclusionProof(leaf=leaf, size=size, root=digest_text(root), path=[digest_text(one) for one in path])

    async def consistency(self, old: int, new: int, origin: str | None) -> ConsistencyProof:
        """The proof that one tree begins with another. NoSuchEntry if there are no such trees."""
        async with self._reader(origin) as log:
            path = await log.consistency(old, new)
            before, after = await log.root(old), await log.root(new)
        return ConsistencyProof(
            start=old,
            to=new,
            root_from=digest_text(before),
            root_to=digest_text(after),
            path=[digest_text(one) for one in path],
        )

    @asynccontextmanager
    async def _reader(self, origin: str | None) -> AsyncIterator[LogReader]:
        async with self.database.connect() as connection:
            yield LogReader(connection, origin or self.origin)
