"""The Merkle tree of RFC 9162 (SHA-256): hashing, growing, which nodes make up a proof, and checking proofs.

A leaf here is always its hash, 32 bytes. A node (level, position) covers the leaves from position * 2**level up to
(position + 1) * 2**level; once all of them are there it never changes again, so it is stored once. Every hash that a
proof needs is one such node or the fold of a few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HASH_SIZE: Final = 32
Place = tuple[int, int]  # level, position


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf with this data."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of the node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """The hash over a run of complete subtrees, largest first; over none, that of the empty tree."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    *before, result = hashes
    for left in reversed(before):
        result = node_hash(left, result)
    return result


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaves."""
    frontier = Frontier.empty()
    for leaf in leaves:
        frontier, _ = frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True)
class Frontier:
    """All that is needed to go on with a tree: its size, and the roots of its complete subtrees, largest first."""

    size: int
    nodes: tuple[bytes, ...]

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise ValueError(f"{len(self.nodes)} nodes cannot be the frontier of {self.size} leaves")

    @classmethod
    def empty(cls) -> Frontier:
        """The tree without a leaf."""
        return cls(0, ())

    def root(self) -> bytes:
        """The root of the whole tree."""
        return fold(self.nodes)

    def places(self) -> list[Place]:
        """Where the nodes stand, in their order."""
        return _run(0, self.size)

    def append(self, leaf: bytes) -> tuple[Frontier, list[tuple[int, int, bytes]]]:
        """The tree with one more leaf, and every node that became complete by it: the leaf, and what it closes."""
        nodes, level, position, node = list(self.nodes), 0, self.size, leaf
        complete = [(level, position, node)]
        while position % 2 == 1:  # a right child: its left sibling is the last of the nodes
            level, position, node = level + 1, position // 2, node_hash(nodes.pop(), node)
            complete.append((level, position, node))
        return Frontier(self.size + 1, (*nodes, node)), complete


def inclusion_places(index: int, size: int) -> list[list[Place]]:
    """What the audit path of a leaf is made of: for each of its hashes, in order, the nodes to fold."""
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = _middle(start, end)
        if index < middle:
            path.append(_run(middle, end))
            end = middle
        else:
            path.append(_run(start, middle))
            start = middle
    return path[::-1]


def consistency_places(old: int, new: int) -> list[list[Place]]:
    """What the proof is made of that the tree of `new` leaves begins with the tree of `old`; as inclusion_places.

    The empty tree is the beginning of every other; RFC 9162 leaves this case out, here its proof is empty.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    start, end, path = 0, new if old else 0, []
    while end != old:
        middle = _middle(start, end)
        if old <= middle:
            path.append(_run(middle, end))
            end = middle
        else:
            path.append(_run(start, middle))
            start = middle
    if start:  # else it is the old tree itself, whose root the verifier has
        path.append(_run(start, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf at this index to the root of a tree of this size (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *path):
        return False
    place, last, node = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            node = node_hash(other, node)
            place, last = _up_to_right_child(place, last)
        else:
            node = node_hash(node, other)
        place, last = place // 2, last // 2
    return last == 0 and node == root


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= new_size or not _are_hashes(old_root, new_root, *path):
        return False
    if old_size in (0, new_size):
        return not path and old_root == (new_root if old_size else fold(()))
    if old_size.bit_count() == 1:  # the old tree is a node of the new one
        path = (old_root, *path)
    if not path:
        return False
    place, last = old_size - 1, new_size - 1
    while place % 2 == 1:
        place, last = place // 2, last // 2
    old_node = new_node = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            old_node, new_node = node_hash(other, old_node), node_hash(other, new_node)
            place, last = _up_to_right_child(place, last)
        else:
            new_node = node_hash(new_node, other)
        place, last = place // 2, last // 2
    return last == 0 and old_node == old_root and new_node == new_root


def _run(start: int, end: int) -> list[Place]:
    """The complete subtrees of the leaves from start up to end, largest first."""
    places = []
    while start < end:
        level = (end - start).bit_length() - 1
        places.append((level, start >> level))
        start += 1 << level
    return places


def _middle(start: int, end: int) -> int:
    """Where a tree of two leaves or more is split: after the largest power of two that is less than its size."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _up_to_right_child(place: int, last: int) -> tuple[int, int]:
    """Up through the levels at which the last node has no sibling."""
    while place % 2 == 0 and place:
        place, last = place // 2, last // 2
    return place, last


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
