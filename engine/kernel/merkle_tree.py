"""A tree of hashes over a list of texts: one root for all of them, and a short proof that one is among them.

Leaves and nodes are hashed as RFC 6962 (section 2.1) hashes them, with the prefixes 0 and 1, so that no leaf can pass
for a node. A node without a neighbour goes up a level as it is, which gives the shape of RFC 6962 for any number of
leaves. Unlike there a leaf may be replaced in its place: the list holds the newest entry of every history, and
histories grow. The root of no leaves at all is the SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY = hashlib.sha256(b"").hexdigest()


def leaf_hash(text: str) -> bytes:
    """Return the hash of a leaf, 32 bytes."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours, 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One step of a proof: the neighbour's hash (hex), and whether it stands to the left."""

    left: bool
    hash: str


def root_of_proof(text: str, steps: Sequence[ProofStep]) -> str:
    """Return the root (hex) a proof leads to from a leaf. Raises ValueError where a hash is not hexadecimal."""
    found = leaf_hash(text)
    for step in steps:
        other = bytes.fromhex(step.hash)
        found = node_hash(other, found) if step.left else node_hash(found, other)
    return found.hex()


class MerkleTree:
    """The hashes of all leaves and nodes: 64 bytes a leaf. Adding or replacing a leaf costs its way to the root."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        #: Leaves whose way up has not been hashed yet; many changes at once share most of it.
        self._changed: set[int] = set()

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, text: str) -> int:
        """Add a leaf at the end; return its place, from 0."""
        place = len(self._levels[0])
        self._levels[0].append(leaf_hash(text))
        self._changed.add(place)
        return place

    def replace(self, place: int, text: str) -> None:
        """Put another leaf at `place`. Raises IndexError where there is none."""
        self._levels[0][place] = leaf_hash(text)
        self._changed.add(place)

    def root(self) -> str:
        """Return the root (hex) over all leaves."""
        self._hash_up()
        return self._levels[-1][0].hex() if self._levels[0] else EMPTY

    def proof(self, place: int) -> tuple[ProofStep, ...]:
        """Return the steps from the leaf at `place` to the root. Raises IndexError where there is none."""
        if not 0 <= place < len(self):
            raise IndexError(place)
        self._hash_up()
        steps = []
        for level in self._levels[:-1]:
            neighbour = place ^ 1
            if neighbour < len(level):
                steps.append(ProofStep(neighbour < place, level[neighbour].hex()))
            place //= 2
        return tuple(steps)

    def _hash_up(self) -> None:
        changed, self._changed = self._changed, set()
        number = 0
        while len(self._levels[number]) > 1:
            level = self._levels[number]
            if number + 1 == len(self._levels):
                # A new level: what was single until now has neighbours, so all of it is to be made.
                self._levels.append([])
                changed = set(range(len(level)))
            above = self._levels[number + 1]
            changed = {place // 2 for place in changed}
            for place in sorted(changed):
                left, right = 2 * place, 2 * place + 1
                made = node_hash(level[left], level[right]) if right < len(level) else level[left]
                if place < len(above):
                    above[place] = made
                else:
                    above.append(made)
            number += 1
