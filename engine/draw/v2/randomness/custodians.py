"""m of n custodians: a key in shares, any m of which give it back and fewer say nothing (Shamir 1979, bytes of GF(2⁸)).

Whoever makes the shares has the key for that moment; make them on a machine that keeps nothing. Shares and key are
committed to by their SHA-256, so that no other share and no other key can be handed in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.shapes import DIGEST, filled, matching, number
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

CUSTODIANS = {
    "threshold": number,
    "key_sha256": matching(DIGEST),
    "shares": [{"name": filled, "index": number, "sha256": matching(DIGEST)}],
}


def _times(a: int, b: int) -> int:
    """Multiply in GF(2⁸) with the polynomial x⁸+x⁴+x³+x+1."""
    found = 0
    while b:
        found ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return found


def _inverse(a: int) -> int:
    found = a
    for _ in range(6):
        found = _times(_times(found, found), a)
    return _times(found, found)


def split(key: bytes, threshold: int, count: int, coefficients: bytes) -> list[bytes]:
    """Return `count` shares of `key`; `coefficients` are (threshold - 1) · len(key) random bytes. ValueError otherwise."""
    if not 1 <= threshold <= count <= 255 or len(coefficients) != (threshold - 1) * len(key):
        raise ValueError("threshold, count and coefficients do not fit")
    shares = []
    for x in range(1, count + 1):
        share = bytearray()
        for place, secret in enumerate(key):
            value = 0
            for power in range(threshold - 2, -1, -1):
                value = _times(value, x) ^ coefficients[power * len(key) + place]
            share.append(_times(value, x) ^ secret)
        shares.append(bytes(share))
    return shares


def join(shares: Mapping[int, bytes]) -> bytes:
    """Return the key of shares by their index (from 1): the value at 0 of the polynomial through them."""
    found = bytearray(len(next(iter(shares.values()))))
    for x, share in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = _times(weight, _times(other, _inverse(other ^ x)))
        for place, value in enumerate(share):
            found[place] ^= _times(value, weight)
    return bytes(found)


def commit_to(key: bytes, names: Sequence[str], shares: Sequence[bytes], threshold: int) -> dict[str, Any]:
    """Return what a commitment says of the custodians."""
    return {
        "threshold": threshold,
        "key_sha256": hashlib.sha256(key).hexdigest(),
        "shares": [
            {"name": name, "index": index, "sha256": hashlib.sha256(share).hexdigest()}
            for index, (name, share) in enumerate(zip(names, shares, strict=True), 1)
        ],
    }


def custodian_problems(custodians: Mapping[str, Any]) -> Iterator[RefusalReason]:
    """Yield what is wrong with the custodians of a commitment."""
    shares = custodians["shares"]
    if not 2 <= custodians["threshold"] <= len(shares) <= 20:
        yield _no(say("保管人应有 2 至 20 位，至少两位才能打开"))
    if [share["index"] for share in shares] != list(range(1, len(shares) + 1)):
        yield _no(say("保管人的序号应从 1 起依次编排"))
    if len({share["name"] for share in shares}) != len(shares):
        yield _no(say("保管人重名"))


def key_of(custodians: Mapping[str, Any] | None, handed_in: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the one-time code of a draw: 32 zero bytes without custodians, else the key of the shares handed in.

    Raises `DrawRefused` for too few shares or one that is not what was committed to.
    """
    if custodians is None:
        refuse_if([_no(say("本次抽取没有保管人"))] if handed_in else [])
        return bytes(32)
    known = {share["index"]: share for share in custodians["shares"]}
    problems = [
        _no(say("{name}交出的份额与承诺不符", name=share["name"]))
        for share in handed_in
        if share["index"] not in known
        or known[share["index"]]["name"] != share["name"]
        or hashlib.sha256(bytes.fromhex(share["share"])).hexdigest() != known[share["index"]]["sha256"]
    ]
    indexes = {share["index"] for share in handed_in}
    if len(indexes) != len(handed_in) or len(indexes) < custodians["threshold"]:
        problems.append(_no(say("须有 {count} 位保管人各交一份", count=custodians["threshold"])))
    refuse_if(problems)
    key = join({share["index"]: bytes.fromhex(share["share"]) for share in handed_in})
    if hashlib.sha256(key).hexdigest() != custodians["key_sha256"]:
        refuse_if([_no(say("份额合成的密钥与承诺不符"))])
    return key


def _no(message: Message) -> RefusalReason:
    return RefusalReason("custodian", message)
