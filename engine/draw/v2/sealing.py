"""Lots, salts and seals: a row of a roster that anybody can count and nobody can read.

A lot is the pseudonym of a row in one draw, a salt hides the values its seal is made of. Both are HMAC-SHA256 under the key of
the draw (32 bytes, made for this draw alone), cut to 16 bytes, so that neither can be guessed from an id, and two draws of
one firm have nothing in common. The key stays with the bureau; once it is destroyed, seals open for nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence

from engine.draw.tickets import pads_of
from engine.draw.v2.shapes import wrong
from engine.kernel.merkle_tree import EMPTY, MerkleTree, leaf_hash
from engine.language import say

KEY_BYTES = 32


class RowKeys:
    """The lots and salts of rows under the key of one draw. `kind` is ``object`` or ``person``.

    The blocks of HMAC that depend on the key alone are hashed once and copied for every row.
    """

    __slots__ = ("_inner", "_kind", "_outer")

    def __init__(self, key: bytes, kind: str) -> None:
        """Raises `DrawRefused` for a key of another length."""
        if len(key) != KEY_BYTES:
            raise wrong("key", say("抽取密钥应为 {count} 个字节", count=KEY_BYTES))
        self._kind = kind
        self._inner, self._outer = map(hashlib.sha256, pads_of(key))

    def lot(self, row_id: str) -> str:
        """Return the lot of a row, 32 hex digits."""
        return self._derived(f"lot|{self._kind}|{row_id}")

    def salt(self, row_id: str) -> str:
        """Return the salt of a row, 32 hex digits."""
        return self._derived(f"salt|{self._kind}|{row_id}")

    def _derived(self, label: str) -> str:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(label.encode())
        outer.update(inner.digest())
        return outer.digest()[:16].hex()


def seal_of(salt: str, values: Sequence[str]) -> str:
    """Return the seal of a row's hidden values: SHA-256 of the salt's 16 bytes and the values joined by TAB."""
    return hashlib.sha256(bytes.fromhex(salt) + "\t".join(values).encode()).hexdigest()


def opening_of(salt: str) -> str:
    """Return what opens whether a row takes part, 32 hex digits: it follows from the salt of the row and tells nothing of it."""
    return hmac.digest(bytes.fromhex(salt), b"part", "sha256")[:16].hex()


def part_of(opening: str, *, takes_part: bool) -> str:
    """Return the digest of whether a row takes part: SHA-256 of the opening's 16 bytes and the digit 1 or 0."""
    return hashlib.sha256(bytes.fromhex(opening) + (b"1" if takes_part else b"0")).hexdigest()


def why_of(salt: str, reason: str, evidence: str) -> str:
    """Return the digest that replaces a person's reason: SHA-256 of the salt, the code, TAB and the evidence."""
    return hashlib.sha256(bytes.fromhex(salt) + f"{reason}\t{evidence}".encode()).hexdigest()


def key_of_salts(salts: Iterable[str]) -> bytes:
    """Return the key under which the public log holds the teams: SHA-256 over the salts of all people, in their order.

    One salt may become known, all of them do not: whoever has the rosters with their salts can make the key, nobody else.
    """
    return hashlib.sha256(b"".join(map(bytes.fromhex, salts))).digest()


def keyed_digest(key: bytes, text: bytes) -> str:
    """Return HMAC-SHA256 of `text` in hex: who goes where has too few possible values for a digest without a key."""
    return hmac.digest(key, text, "sha256").hex()


def root_of(lines: Sequence[str]) -> str:
    """Return the root (hex) of the tree over `lines`, as RFC 9162 section 2.1.1 makes it: a leaf is one line."""
    sha256 = hashlib.sha256
    level = [sha256(b"\x00" + line.encode()).digest() for line in lines]
    if not level:
        return EMPTY
    while len(level) > 1:
        # Who has no neighbour goes up as it is.
        alone = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + alone
    return level[0].hex()


def path_of(lines: Sequence[str], place: int) -> list[str]:
    """Return the hashes (hex) from the leaf at `place` up to the root: an inclusion proof of RFC 9162."""
    tree = MerkleTree()
    for line in lines:
        tree.append(line)
    return [step.hash for step in tree.proof(place)]


def root_by_path(line: str, place: int, size: int, path: Sequence[str]) -> str | None:
    """Return the root an inclusion proof leads to (RFC 9162 section 2.1.3.2), or None for a proof of the wrong length."""
    if not 0 <= place < size:
        return None
    number, last = place, size - 1
    found = leaf_hash(line)
    for step in path:
        other = bytes.fromhex(step)
        if last == 0:
            return None
        if number & 1 or number == last:
            found = hashlib.sha256(b"\x01" + other + found).digest()
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + other).digest()
        number, last = number >> 1, last >> 1
    return found.hex() if last == 0 else None
