"""Lots, salts, seals, and the tree over public rows."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.draw.refused import DrawRefused
from engine.draw.v2 import sealing

KEY = bytes(range(32))


def naive_root(leaves: list[str]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there: recursive, by the largest power of two."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0].encode()).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


@given(st.lists(st.text(max_size=4), max_size=40))
def test_the_root_is_that_of_the_standard(lines: list[str]) -> None:
    assert sealing.root_of(lines) == naive_root(lines).hex()


@given(st.lists(st.text(max_size=3), min_size=1, max_size=40, unique=True), st.data())
def test_a_path_leads_to_the_root_from_its_own_leaf_alone(lines: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(lines) - 1))
    path = sealing.path_of(lines, place)
    assert sealing.root_by_path(lines[place], place, len(lines), path) == sealing.root_of(lines)
    assert sealing.root_by_path(lines[place] + "x", place, len(lines), path) != sealing.root_of(lines)
    assert sealing.root_by_path(lines[place], place, len(lines), [*path, "00" * 32]) != sealing.root_of(lines)
    assert sealing.root_by_path(lines[place], len(lines), len(lines), path) is None


def test_lots_and_salts_differ_by_key_kind_and_row_and_are_sixteen_bytes() -> None:
    made = [
        one
        for key in (KEY, bytes(32))
        for kind in ("object", "person")
        for row in ("A", "B")
        for one in (sealing.RowKeys(key, kind).lot(row), sealing.RowKeys(key, kind).salt(row))
    ]
    assert len(set(made)) == len(made)
    assert {len(bytes.fromhex(one)) for one in made} == {16}
    with pytest.raises(DrawRefused, match="32"):
        sealing.RowKeys(b"short", "object")


@given(st.binary(min_size=32, max_size=32), st.text(max_size=9))
def test_lots_and_salts_are_hmac_under_the_key(key: bytes, row: str) -> None:
    keys = sealing.RowKeys(key, "object")
    for made, label in ((keys.lot(row), "lot"), (keys.salt(row), "salt")):
        assert made == hmac.digest(key, f"{label}|object|{row}".encode(), "sha256")[:16].hex()


def test_a_seal_holds_each_value_in_its_place() -> None:
    salt = "00" * 16
    assert sealing.seal_of(salt, ["a", "b"]) == hashlib.sha256(bytes(16) + b"a\tb").hexdigest()
    assert sealing.seal_of(salt, ["a", ""]) != sealing.seal_of(salt, ["", "a"])
    assert sealing.seal_of("01" * 16, ["a", "b"]) != sealing.seal_of(salt, ["a", "b"])
    assert sealing.why_of(salt, "illness", "e") == hashlib.sha256(bytes(16) + b"illness\te").hexdigest()


def test_the_key_of_the_teams_needs_every_salt_in_its_order() -> None:
    salts = [bytes([number] * 16).hex() for number in range(3)]
    key = sealing.key_of_salts(salts)
    assert key == hashlib.sha256(bytes([0] * 16 + [1] * 16 + [2] * 16)).digest()
    assert key not in (sealing.key_of_salts(salts[::-1]), sealing.key_of_salts(salts[:2]))
    # RFC 4231, 4.3.
    assert sealing.keyed_digest(b"Jefe", b"what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
