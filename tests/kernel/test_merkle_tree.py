"""The tree of hashes has the shape of RFC 6962, whatever is added or replaced, and proofs lead to its root."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.merkle_tree import EMPTY, MerkleTree, ProofStep, root_of_proof

TEXTS = st.lists(st.text(max_size=6), max_size=40)


def rfc6962(texts: list[str]) -> bytes:
    """Return the root as section 2.1 defines it: split at the largest power of two below the count."""
    if not texts:
        return hashlib.sha256(b"").digest()
    if len(texts) == 1:
        return hashlib.sha256(b"\x00" + texts[0].encode()).digest()
    cut = 1
    while cut * 2 < len(texts):
        cut *= 2
    return hashlib.sha256(b"\x01" + rfc6962(texts[:cut]) + rfc6962(texts[cut:])).digest()


@given(TEXTS, st.lists(st.tuples(st.integers(0, 100), st.text(max_size=6), st.booleans()), max_size=12))
def test_the_root_is_that_of_the_rfc(texts: list[str], changes: list[tuple[int, str, bool]]) -> None:
    tree = MerkleTree()
    held: list[str] = []
    for text in texts:
        assert tree.append(text) == len(held)
        held.append(text)
    assert tree.root() == rfc6962(held).hex()
    for place, text, add in changes:
        if add or not held:
            tree.append(text)
            held.append(text)
        else:
            tree.replace(place % len(held), text)
            held[place % len(held)] = text
        if place % 2:
            assert tree.root() == rfc6962(held).hex()
    assert tree.root() == rfc6962(held).hex()
    for place, text in enumerate(held):
        assert root_of_proof(text, tree.proof(place)) == tree.root()


def test_known_roots() -> None:
    # The empty tree and the tree of one empty leaf, as the test vectors of Certificate Transparency have them.
    tree = MerkleTree()
    assert tree.root() == EMPTY == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    tree.append("")
    assert tree.root() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_proof_of_something_else_leads_elsewhere() -> None:
    tree = MerkleTree()
    for number in range(5):
        tree.append(f"leaf {number}")
    proof = tree.proof(2)
    assert root_of_proof("leaf 2", proof) == tree.root()
    assert root_of_proof("leaf 3", proof) != tree.root()
    turned = tuple(ProofStep(not step.left, step.hash) for step in proof)
    assert root_of_proof("leaf 2", turned) != tree.root()
    with pytest.raises(IndexError):
        tree.proof(5)
    with pytest.raises(ValueError, match="fromhex"):
        root_of_proof("leaf 2", [ProofStep(True, "not hexadecimal")])
