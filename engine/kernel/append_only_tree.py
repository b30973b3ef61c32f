"""The append-only tree of RFC 9162 (section 2.1): its root, inclusion and consistency proofs, and what checks them.

Leaves are bytes in a fixed order that only grows. `MerkleTree` beside it, with the same hashes, lets a leaf be replaced
and therefore has no proof that a later tree contains an earlier one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from engine.kernel.merkle_tree import node_hash

#: The root of no leaves.
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def leaf_hashes(leaves: Iterable[bytes]) -> list[bytes]:
    """Return the hash of each leaf."""
    return [leaf_hash(leaf) for leaf in leaves]


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaves, given by their hashes (2.1.1)."""
    if not hashes:
        return EMPTY
    level = list(hashes)
    while len(level) > 1:
        paired = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def inclusion_proof(hashes: Sequence[bytes], place: int) -> list[bytes]:
    """Return the hashes that lead from the leaf at `place` to the root (2.1.3.1). Raises IndexError where there is none."""
    if not 0 <= place < len(hashes):
        raise IndexError(place)
    if len(hashes) == 1:
        return []
    cut = _cut(len(hashes))
    if place < cut:
        return [*inclusion_proof(hashes[:cut], place), root(hashes[cut:])]
    return [*inclusion_proof(hashes[cut:], place - cut), root(hashes[:cut])]


def consistency_proof(hashes: Sequence[bytes], first: int) -> list[bytes]:
    """Return the hashes that show that the first `first` leaves are the beginning of all (2.1.4.1).

    Raises IndexError unless there are at least `first` leaves, and `first` is at least 1.
    """
    if not 1 <= first <= len(hashes):
        raise IndexError(first)
    return _subproof(hashes, first, whole=True)


def included(leaf: bytes, place: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Return whether `proof` shows that the leaf with this hash is at `place` of the tree of `size` leaves (2.1.3.2)."""
    if not 0 <= place < size:
        return False
    node, last, made = place, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            made = node_hash(step, made)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            made = node_hash(made, step)
        node, last = node >> 1, last >> 1
    return last == 0 and made == expected


def consistent(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether `proof` shows that the tree of `second` leaves begins with that of `first` (2.1.4.2)."""
    if not 1 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    if not steps:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class GrowingTree:
    """A tree of which only the root and the growth matter: the roots of its perfect subtrees, the largest first.

    There is one for each bit of its size, so a tree of a million leaves is kept in at most twenty hashes.
    """

    def __init__(self, size: int = 0, subtrees: Sequence[bytes] = ()) -> None:
        if size < 0 or size.bit_count() != len(subtrees):
            raise ValueError(size)
        self.size = size
        self._subtrees = list(subtrees)

    @property
    def subtrees(self) -> tuple[bytes, ...]:
        """Return the roots of the perfect subtrees, the largest first."""
        return tuple(self._subtrees)

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        made = leaf
        below = self.size
        while below & 1:
            made = node_hash(self._subtrees.pop(), made)
            below >>= 1
        self._subtrees.append(made)
        self.size += 1

    def root(self) -> bytes:
        """Return the root, the same as `root` over all leaves."""
        return _folded(self._subtrees)

    def growth_proof(self, added: Sequence[bytes]) -> list[bytes]:
        """Return the proof that this tree is the beginning of the one with `added` appended; `consistent` checks it.

        Raises IndexError for an empty tree, of which there is no proof.
        """
        if self.size == 0:
            raise IndexError(self.size)
        return self._grown(added, 0, self.size + len(added), whole=True)

    def _grown(self, added: Sequence[bytes], low: int, high: int, *, whole: bool) -> list[bytes]:
        if self.size == high:
            return [] if whole else [self._old(low)]
        cut = low + _cut(high - low)
        if self.size <= cut:
            right = root(added[cut - self.size : high - self.size])
            return [*self._grown(added, low, cut, whole=whole), right]
        return [*self._grown(added, cut, high, whole=False), self._old(low, cut)]

    def _old(self, low: int, high: int | None = None) -> bytes:
        """Return the root over the leaves from `low` to `high` (the last), all of them in the tree as it is."""
        found, begin, left = [], 0, self.size
        for subtree in self._subtrees:
            width = 1 << left.bit_length() - 1
            if begin >= low and (high is None or begin < high):
                found.append(subtree)
            begin, left = begin + width, left - width
        return _folded(found)


def _folded(subtrees: Sequence[bytes]) -> bytes:
    if not subtrees:
        return EMPTY
    made = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        made = node_hash(left, made)
    return made


def _subproof(hashes: Sequence[bytes], first: int, *, whole: bool) -> list[bytes]:
    if first == len(hashes):
        return [] if whole else [root(hashes)]
    cut = _cut(len(hashes))
    if first <= cut:
        return [*_subproof(hashes[:cut], first, whole=whole), root(hashes[cut:])]
    return [*_subproof(hashes[cut:], first - cut, whole=False), root(hashes[:cut])]


def _cut(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
