"""The log as anybody may check it: signed checkpoints, entries, and proofs made of stored nodes."""

from __future__ import annotations

from app.core.errors import LogBroken, NoSuchEntry
from app.db.connection import Connection
from app.decisions.log import repository
from app.decisions.proofs.checkpoints import SignedCheckpoint, verify_checkpoint
from app.decisions.proofs.merkle import Frontier, Place, consistency_places, fold, inclusion_places, verify_inclusion
from app.decisions.repository import Stored


class LogReader:
    """Reads one log."""

    def __init__(self, connection: Connection, origin: str) -> None:
        self.connection = connection
        self.origin = origin

    async def checkpoint(self) -> SignedCheckpoint:
        """The log as it was last signed. NoSuchEntry for a log without records."""
        found = await repository.latest_checkpoint(self.connection, self.origin)
        if found is None:
            raise NoSuchEntry
        return found

    async def entry(self, index: int) -> Stored:
        found = await repository.record_at(self.connection, self.origin, index)
        if found is None:
            raise NoSuchEntry
        return found

    async def size(self) -> int:
        latest = await repository.latest_checkpoint(self.connection, self.origin)
        return latest.size if latest else 0

    async def inclusion(self, index: int, size: int) -> list[bytes]:
        """The audit path of a leaf in the tree of a size. NoSuchEntry where there is none."""
        if not 0 <= index < size <= await self.size():
            raise NoSuchEntry
        return await self._folded(inclusion_places(index, size))

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the tree of one size begins with that of another. NoSuchEntry where there is none."""
        if not 0 <= old <= new <= await self.size():
            raise NoSuchEntry
        return await self._folded(consistency_places(old, new))

    async def root(self, size: int) -> bytes:
        """The root of the tree of a size that the log has had."""
        if not 0 <= size <= await self.size():
            raise NoSuchEntry
        places = Frontier(size, (b"",) * size.bit_count()).places()
        return (await self._folded([places]))[0]

    async def _folded(self, runs: list[list[Place]]) -> list[bytes]:
        found = await repository.nodes(self.connection, self.origin, [place for run in runs for place in run])
        return [fold([found[place] for place in run]) for run in runs]


async def proven(connection: Connection, origin: str, leaves: dict[int, bytes], keys: dict[str, bytes]) -> bool:
    """Whether leaves, by their indexes, lie in the tree that one of some public keys signed last."""
    signed = await repository.latest_checkpoint(connection, origin)
    if signed is None or signed.key not in keys or not verify_checkpoint(signed, keys[signed.key]):
        return False
    if (signed.origin, max(leaves) < signed.size) != (origin, True):
        return False
    runs = {index: inclusion_places(index, signed.size) for index in leaves}
    wanted = {place for places in runs.values() for run in places for place in run}
    found = await repository.nodes(connection, origin, wanted)
    if len(found) != len(wanted):
        return False
    paths = {index: [fold([found[place] for place in run]) for run in places] for index, places in runs.items()}
    return all(verify_inclusion(leaf, index, signed.size, paths[index], signed.root) for index, leaf in leaves.items())


async def head(connection: Connection, origin: str, known: Frontier) -> Frontier:
    """The tree as the last checkpoint signed it: the one that is known if it is still that. LogBroken if the stored nodes
    do not come to its root."""
    checkpoint = await repository.latest_checkpoint(connection, origin)
    size, root = (checkpoint.size, checkpoint.root) if checkpoint else (0, Frontier.empty().root())
    if (known.size, known.root()) == (size, root):
        return known
    places = Frontier(size, (b"",) * size.bit_count()).places()
    found = await repository.nodes(connection, origin, places)
    if len(found) != len(places):
        raise LogBroken
    frontier = Frontier(size, tuple(found[place] for place in places))
    if frontier.root() != root:
        raise LogBroken
    return frontier
