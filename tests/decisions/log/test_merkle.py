"""The tree is that of RFC 9162, its proofs prove, and nothing that was altered passes."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.decisions.proofs.merkle import (
    Frontier,
    Place,
    consistency_places,
    fold,
    inclusion_places,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.support.decisions import rfc9162

MOST = 70
sizes = st.integers(1, 600)

# The test vectors of Certificate Transparency: the data of eight leaves, and the roots over the first one, two, ….
VECTOR_DATA = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
VECTOR_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@cache
def stored(size: int) -> tuple[Frontier, dict[Place, bytes]]:
    """A tree grown leaf by leaf, and every node that was reported complete."""
    frontier, nodes = Frontier.empty(), {}
    for leaf in rfc9162.some_leaves(size):
        frontier, complete = frontier.append(leaf)
        for level, position, node in complete:
            assert (level, position) not in nodes
            nodes[level, position] = node
    return frontier, nodes


def from_places(places: list[list[Place]], size: int) -> list[bytes]:
    nodes = stored(size)[1]
    return [fold([nodes[place] for place in run]) for run in places]


def flipped(value: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8) if place == bit // 8 else byte for place, byte in enumerate(value))


def test_the_vectors_of_certificate_transparency() -> None:
    leaves = [leaf_hash(bytes.fromhex(data)) for data in VECTOR_DATA]
    assert [root_of(leaves[:size]).hex() for size in range(1, 9)] == list(VECTOR_ROOTS)
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_leaves_and_nodes_are_told_apart() -> None:
    assert leaf_hash(b"ab") == rfc9162.sha256(b"\x00ab")
    assert node_hash(b"a", b"b") == rfc9162.sha256(b"\x01ab")


@pytest.mark.parametrize("size", range(MOST))
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    leaves = rfc9162.some_leaves(size)
    assert root_of(leaves) == stored(size)[0].root() == rfc9162.root(leaves)


@pytest.mark.parametrize("size", range(MOST))
def test_every_complete_node_is_reported_once_with_its_hash(size: int) -> None:
    frontier, nodes = stored(size)
    leaves = rfc9162.some_leaves(size)
    expected = {(level, p) for level in range(8) for p in range(size >> level)}
    assert set(nodes) == expected
    for (level, position), node in nodes.items():
        assert node == rfc9162.root(leaves[position << level : (position + 1) << level])
    assert frontier.nodes == tuple(nodes[place] for place in frontier.places())


@pytest.mark.parametrize("size", range(1, MOST))
def test_inclusion_is_that_of_the_rfc_and_verifies(size: int) -> None:
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    for index, leaf in enumerate(leaves):
        path = from_places(inclusion_places(index, size), size)
        assert path == rfc9162.path(index, leaves)
        assert verify_inclusion(leaf, index, size, path, root)


@pytest.mark.parametrize("size", range(1, MOST))
def test_consistency_is_that_of_the_rfc_and_verifies(size: int) -> None:
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    for old in range(1, size + 1):
        path = from_places(consistency_places(old, size), size)
        assert path == rfc9162.proof(old, leaves)
        assert verify_consistency(old, stored(old)[0].root(), size, root, path)


def test_a_larger_tree_begins_with_the_empty_one() -> None:
    empty, root = stored(0)[0].root(), stored(5)[0].root()
    assert consistency_places(0, 5) == []
    assert verify_consistency(0, empty, 5, root, [])
    assert verify_consistency(0, empty, 0, empty, [])
    assert not verify_consistency(0, root, 5, root, [])
    assert not verify_consistency(0, empty, 5, root, [root])


@given(sizes, st.data())
def test_larger_trees(size: int, data: st.DataObject) -> None:
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    path = from_places(inclusion_places(index, size), size)
    assert path == rfc9162.path(index, leaves)
    assert verify_inclusion(leaves[index], index, size, path, root)
    proof = from_places(consistency_places(old, size), size)
    assert proof == rfc9162.proof(old, leaves)
    assert verify_consistency(old, stored(old)[0].root(), size, root, proof)


@given(st.integers(1, 2**60), st.data())
def test_the_nodes_of_huge_proofs_are_complete_and_few(size: int, data: st.DataObject) -> None:
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    for places in (inclusion_places(index, size), consistency_places(old, size)):
        assert len(places) <= 62
        for run in places:
            assert all((position + 1) << level <= size for level, position in run)
            assert [level for level, _ in run] == sorted({level for level, _ in run}, reverse=True)


@given(st.integers(1, MOST), st.data())
def test_no_altered_inclusion_passes(size: int, data: st.DataObject) -> None:
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    leaf, path = leaves[index], rfc9162.path(index, leaves)
    assert not verify_inclusion(flipped(leaf, bit), index, size, path, root)
    assert not verify_inclusion(leaf, index, size, path, flipped(root, bit))
    for place in range(len(path)):
        altered = [*path[:place], flipped(path[place], bit), *path[place + 1 :]]
        assert not verify_inclusion(leaf, index, size, altered, root)
        assert not verify_inclusion(leaf, index, size, [*path[:place], *path[place + 1 :]], root)
    assert not verify_inclusion(leaf, index, size, [*path, root], root)
    assert not verify_inclusion(leaf, index, size, [*path, b""], root)


@given(st.integers(1, MOST), st.data())
def test_another_index_or_size_passes_only_if_it_asks_for_the_same_hashing(size: int, data: st.DataObject) -> None:
    """A path does not state its size: 3 and 4 leaves look alike from leaf 0. The signed checkpoint binds the size."""
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    index = data.draw(st.integers(0, size - 1))
    path = rfc9162.path(index, leaves)
    for other in (*range(-1, index), *range(index + 1, size + 2)):
        assert not verify_inclusion(leaves[index], other, size, path, root)
    for other in range(-1, 2 * MOST):
        alike = other > index and rfc9162.sides(index, other) == rfc9162.sides(index, size)
        assert verify_inclusion(leaves[index], index, other, path, root) == alike


@given(st.integers(1, MOST), st.data())
def test_no_altered_consistency_passes(size: int, data: st.DataObject) -> None:
    leaves, root = rfc9162.some_leaves(size), stored(size)[0].root()
    old, bit = data.draw(st.integers(1, size)), data.draw(st.integers(0, 255))
    before, path = stored(old)[0].root(), rfc9162.proof(old, leaves)
    assert not verify_consistency(old, flipped(before, bit), size, root, path)
    assert not verify_consistency(old, before, size, flipped(root, bit), path)
    for place in range(len(path)):
        altered = [*path[:place], flipped(path[place], bit), *path[place + 1 :]]
        assert not verify_consistency(old, before, size, root, altered)
        assert not verify_consistency(old, before, size, root, [*path[:place], *path[place + 1 :]])
    assert not verify_consistency(old, before, size, root, [*path, root])
    for other in (*range(-1, old), *range(old + 1, size + 2)):
        assert not verify_consistency(other, before, size, root, path)
    assert not verify_consistency(old, before, old - 1, root, path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_path_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="there is no leaf"):
        inclusion_places(index, size)
    assert not verify_inclusion(bytes(32), index, size, [], bytes(32))


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3)])
def test_a_tree_does_not_begin_with_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="does not begin"):
        consistency_places(old, new)
    assert not verify_consistency(old, bytes(32), new, bytes(32), [])


@pytest.mark.parametrize(("size", "count"), [(-1, 0), (0, 1), (3, 1), (4, 2)])
def test_a_frontier_has_a_node_for_each_complete_subtree(size: int, count: int) -> None:
    with pytest.raises(ValueError, match="cannot be the frontier"):
        Frontier(size, (bytes(32),) * count)
