from __future__ import annotations

from visit_bureau import audited_bureau

from engine.app.audit.sealed import SealedTree, sealed_tree_of
from engine.app.audit.seals import HEADS, SEALED, STREAM, Leaf, draft_seal, row_of, seal, seal_of
from engine.app.audit.verify_seals import export, read_outside, verify_outside, verify_seals
from engine.kernel.merkle_tree import MerkleTree, root_of_proof
from engine.lifecycle.chain import GENESIS, follow


def test_a_leaf_that_replaces_keeps_its_place() -> None:
    tree, again = SealedTree(), MerkleTree()
    for leaf in (Leaf("a", 1, "x"), Leaf("b", 1, "y"), Leaf("a", 2, "z")):
        tree.put(leaf)
    for text in ("a\n2\nz", "b\n1\ny"):
        again.append(text)
    assert tree.tree.root() == again.root()
    assert (tree.of("a"), tree.of("c")) == (Leaf("a", 2, "z"), None)
    assert tree.proof("b") == again.proof(1)


def test_leaves_that_are_appended_begin_a_tree_of_their_own() -> None:
    tree, again = SealedTree(), MerkleTree()
    tree.put(Leaf("old", 1, "x"))
    for leaf in (Leaf("a", 1, "x"), Leaf("b", 1, "y"), Leaf("a", 2, "z")):
        tree.put(leaf, appended=True)
        again.append(leaf.leaf)
    assert tree.tree.root() == again.root()
    assert (tree.of("a"), tree.of("old")) == (Leaf("a", 2, "z"), None)
    assert root_of_proof("a\n2\nz", tree.proof("a")) == tree.tree.root()


def test_seals_of_earlier_programs_hold_and_the_next_seal_covers_everything() -> None:
    bureau = audited_bureau()
    at = bureau.clock.now()
    with bureau.store.write() as transaction:
        heads = [Leaf(*one) for one in transaction.events.last_hashes()]
        tree = SealedTree()
        for leaf in heads:
            tree.put(leaf)
        first = follow(STREAM, 1, at, "engine", HEADS, {"heads": [row_of(one) for one in heads]}, GENESIS)
        body = {"number": 1, "day": "2024-09-04", "root": tree.tree.root(), "leaves": len(heads)}
        last = follow(STREAM, 2, at, "engine", SEALED, body, first.hash)
        transaction.events.append([first, last])
    with bureau.look() as transaction:
        old = read_outside(_written(export(transaction, seal_of(last))))
        assert not old.appended
        assert [*verify_seals(transaction), *verify_outside(transaction, old)] == []
    made = seal(bureau.application)
    assert made is not None
    with bureau.look() as transaction:
        new = sealed_tree_of(transaction)
        assert (new.appended, {one.name for one in heads} <= new.places.keys()) == (True, True)
        assert sealed_tree_of(transaction, 2).tree.root() == tree.tree.root()
        held = read_outside(_written(export(transaction, made)))
        assert held.appended
        for outside in (old, held):
            assert [*verify_seals(transaction), *verify_outside(transaction, outside)] == []
        assert draft_seal(transaction) is None


def _written(body: object) -> bytes:
    import json

    return json.dumps(body).encode()
