"""Ed25519 signatures (RFC 8032) in Python's own integers, for places that may import no library.

Checking takes a few milliseconds and needs no secret. Signing is for tests, samples and made-up parties: its running
time depends on the key, so a real party signs with a program made for it (``openssl pkeyutl -sign -rawin``).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

#: A point in extended coordinates: X, Y, Z, T with x = X/Z, y = Y/Z, x·y = T/Z.
_Point = tuple[int, int, int, int]
_NEUTRAL: _Point = (0, 1, 1, 0)


def _add(p: _Point, q: _Point) -> _Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(number: int, point: _Point) -> _Point:
    found = _NEUTRAL
    while number:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _equal(p: _Point, q: _Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % _P == 0 and (p[1] * q[2] - q[1] * p[2]) % _P == 0


def _x_of(y: int, sign: int) -> int | None:
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    if square == 0:
        return None if sign else 0
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P:
        return None
    return _P - x if x & 1 != sign else x


def _point(data: bytes) -> _Point | None:
    if len(data) != 32:
        return None
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _x_of(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % _P)


def _bytes(point: _Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = _x_of(_Y, 0) or 0
_BASE: _Point = (_BASE_X, _Y, 1, _BASE_X * _Y % _P)


@lru_cache(maxsize=4096)
def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether `signature` (64 bytes) of `message` was made with the secret of the public `key` (32 bytes).

    The answers of the last questions are kept: every act of a draw checks the anchors of its log once more.
    """
    if len(signature) != 64:
        return False
    public, nonce = _point(key), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if public is None or nonce is None or number >= _L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    return _equal(_times(number, _BASE), _add(nonce, _times(challenge, public)))


def public_key(secret: bytes) -> bytes:
    """Return the public key of a secret of 32 bytes."""
    return _bytes(_times(_scalar(secret)[0], _BASE))


def sign(secret: bytes, message: bytes) -> bytes:
    """Return the signature of `message`. Not for a key that matters: see the head of this module."""
    scalar, prefix = _scalar(secret)
    key = _bytes(_times(scalar, _BASE))
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % _L
    point = _bytes(_times(nonce, _BASE))
    challenge = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little") % _L
    return point + ((nonce + challenge * scalar) % _L).to_bytes(32, "little")


def _scalar(secret: bytes) -> tuple[int, bytes]:
    if len(secret) != 32:
        raise ValueError("a secret of Ed25519 has 32 bytes")
    digest = hashlib.sha512(secret).digest()
    number = int.from_bytes(digest[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return number, digest[32:]
