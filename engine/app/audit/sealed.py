"""All leaves as a seal has them: of those that replaced leaves in their places, and of those that append.

The first seal that appends begins a tree of its own, with every history there is; what was sealed before it keeps its roots.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.app.audit.seals import Leaf, entries, is_appended, leaves_of
from engine.app.ports.store import Transaction
from engine.kernel.merkle_tree import MerkleTree, ProofStep


@dataclass(slots=True)
class SealedTree:
    """All leaves as the last seal has them, with their tree."""

    leaves: list[Leaf] = field(default_factory=list)
    #: name -> the place of its newest leaf
    places: dict[str, int] = field(default_factory=dict)
    tree: MerkleTree = field(default_factory=MerkleTree)
    appended: bool = False

    def of(self, name: str) -> Leaf | None:
        """Return the newest leaf of a name."""
        place = self.places.get(name)
        return None if place is None else self.leaves[place]

    def put(self, leaf: Leaf, *, appended: bool = False) -> None:
        """Take up a new or newer leaf; the first that is `appended` begins another tree."""
        if appended and not self.appended:
            self.leaves, self.places, self.tree, self.appended = [], {}, MerkleTree(), True
        place = None if appended else self.places.get(leaf.name)
        if place is None:
            self.places[leaf.name] = self.tree.append(leaf.leaf)
            self.leaves.append(leaf)
        else:
            self.tree.replace(place, leaf.leaf)
            self.leaves[place] = leaf

    def proof(self, name: str) -> tuple[ProofStep, ...]:
        """Return the steps from the newest leaf of a name to the root. Raises KeyError for a name never sealed."""
        return self.tree.proof(self.places[name])


def sealed_tree_of(transaction: Transaction, until: int | None = None) -> SealedTree:
    """Return all leaves as the newest seal has them, or the seal whose entry is number `until`."""
    ledger = SealedTree()
    for event in entries(transaction):
        if until is not None and event.seq > until:
            break
        for leaf in leaves_of(event):
            ledger.put(leaf, appended=is_appended(event))
    return ledger
