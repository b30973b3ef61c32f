"""SM3 (GB/T 32905-2016), for Pythons whose OpenSSL was built without it."""

from __future__ import annotations

import hashlib
from itertools import starmap

_START = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_MASK = 0xFFFFFFFF
_BUILT_IN = "sm3" in hashlib.algorithms_available


def sm3_hex(data: bytes) -> str:
    """Return the SM3 digest of `data` as 64 lower-case hex digits, by hashlib where that has SM3."""
    return hashlib.new("sm3", data).hexdigest() if _BUILT_IN else sm3_pure(data).hex()


def sm3_pure(data: bytes) -> bytes:
    """Return the 32-byte SM3 digest of `data` with integer arithmetic only."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def _rotate(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & _MASK


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        mixed ^= _rotate(mixed, 15) ^ _rotate(mixed, 23)
        words.append(mixed ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        first = _rotate((_rotate(a, 12) + e + _rotate(constant, j)) & _MASK, 7)
        second = first ^ _rotate(a, 12)
        chosen = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        mixed = e ^ f ^ g if j < 16 else e & f | ~e & g
        one = (chosen + d + second + (words[j] ^ words[j + 4])) & _MASK
        two = (mixed + h + first + words[j]) & _MASK
        a, b, c, d = one, a, _rotate(b, 9), c
        e, f, g, h = two ^ _rotate(two, 9) ^ _rotate(two, 17), e, _rotate(f, 19), g
    return tuple(starmap(int.__xor__, zip((a, b, c, d, e, f, g, h), state, strict=True)))
