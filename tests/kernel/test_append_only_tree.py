"""The append-only tree against the recursive definitions and the known roots of RFC 6962 and RFC 9162."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.append_only_tree import (
    EMPTY,
    GrowingTree,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    leaf_hashes,
    root,
)

#: The leaves and roots with which Certificate Transparency tests its trees; eight leaves.
KNOWN = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
KNOWN.append(bytes(range(0x60, 0x70)))
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined(leaves: list[bytes]) -> bytes:
    """Return MTH as the RFC defines it."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    cut = 1
    while cut * 2 < len(leaves):
        cut *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:cut]) + defined(leaves[cut:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_known_roots(size: int) -> None:
    assert root(leaf_hashes(KNOWN[:size])).hex() == ROOTS[size]
    assert EMPTY.hex() == ROOTS[0]


def test_known_proof_of_three_in_seven() -> None:
    """The example of RFC 9162, 2.1.5: the proof from 3 to 7 is c, d, g, l."""
    hashes = leaf_hashes(KNOWN[:7])
    c, d, g, last = hashes[2], hashes[3], root(hashes[:2]), root(hashes[4:])
    assert consistency_proof(hashes, 3) == [c, d, g, last]
    assert consistency_proof(hashes, 4) == [last]


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=4), min_size=1, max_size=40), st.data())
def test_proofs_hold_and_hold_for_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    hashes, size = leaf_hashes(leaves), len(leaves)
    whole = root(hashes)
    assert whole == defined(leaves)
    place = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(hashes, place)
    assert included(hashes[place], place, size, proof, whole)
    assert not included(EMPTY, place, size, proof, whole)
    assert not included(hashes[place], size, size, proof, whole)
    assert not included(hashes[place], place, size, [*proof, EMPTY], whole)
    first = data.draw(st.integers(1, size))
    old = root(hashes[:first])
    steps = consistency_proof(hashes, first)
    assert consistent(first, size, old, whole, steps)
    assert not consistent(first, size, EMPTY, whole, steps)
    assert not consistent(first, size, old, EMPTY, steps)
    assert not consistent(first, size, old, whole, [*steps, EMPTY])
    assert not consistent(size + 1, size, old, whole, steps)
    if steps:
        assert not consistent(first, size, old, whole, steps[:-1])


def test_places_and_sizes_there_are_not() -> None:
    hashes = leaf_hashes(KNOWN)
    for place in (-1, 8):
        with pytest.raises(IndexError):
            inclusion_proof(hashes, place)
    for first in (0, 9):
        with pytest.raises(IndexError):
            consistency_proof(hashes, first)
    assert not consistent(0, 8, EMPTY, root(hashes), [])
    assert not consistent(3, 8, EMPTY, root(hashes), [])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_a_tree_that_grows_has_the_root_and_the_proof_of_the_whole(first: int, more: int) -> None:
    leaves = [str(number).encode() for number in range(first + more)]
    hashes = leaf_hashes(leaves)
    assert hashes == [leaf_hash(one) for one in leaves]
    tree = GrowingTree()
    for leaf in hashes[:first]:
        tree.append(leaf)
    assert tree.root() == root(hashes[:first])
    if first:
        assert tree.growth_proof(hashes[first:]) == consistency_proof(hashes, first)
    again = GrowingTree(tree.size, tree.subtrees)
    for leaf in hashes[first:]:
        again.append(leaf)
    assert again.root() == root(hashes)


def test_a_tree_that_cannot_be() -> None:
    for size, subtrees in ((-1, ()), (3, (EMPTY,)), (1, ())):
        with pytest.raises(ValueError, match=str(size)):
            GrowingTree(size, subtrees)
    with pytest.raises(IndexError):
        GrowingTree().growth_proof([EMPTY])
