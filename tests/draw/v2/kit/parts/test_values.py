"""What `verify.py` computes with: canonical JSON, shapes of records, the tree, signatures. Beside the program's own code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.v2.kit.parts import values
from engine.kernel.canonical_json import canonical_json
from engine.kernel.sm3 import sm3_hex


@pytest.fixture(autouse=True)
def nothing_said() -> Iterator[None]:
    yield
    values.bad.clear()
    values.said.clear()


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(0, 10**9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=30)
@given(PLAIN)
def test_the_canonical_text_is_that_of_the_program(value: Any) -> None:
    assert values.canonical(value) == canonical_json(value)


def test_a_fraction_has_no_canonical_text() -> None:
    with pytest.raises(ValueError, match="小数"):
        values.canonical({"a": [1.5]})


def test_a_file_that_is_written_otherwise_is_named() -> None:
    assert values.read_json("a.json", b'{"a":1}') == {"a": 1}
    assert values.bad == []
    assert values.read_json("b.json", b'{"a": 1}') == {"a": 1}
    assert values.bad == ["b.json 不是规范写法"]


def test_digests() -> None:
    assert values.sha("甲") == hashlib.sha256("甲".encode()).hexdigest()
    assert values.sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert values.sm3(b"") == sm3_hex(b"")


@pytest.mark.parametrize(
    ("shape", "right", "wrong"),
    [
        ({"a": values.number}, {"a": 1}, {"a": 1, "b": 2}),
        ({"a": values.number}, {"a": 10**9}, {"a": 10**9 + 1}),
        (values.number, 0, True),
        ([values.flag], [True, False], [1]),
        (values.maybe(values.filled), None, " "),
        (values.table(values.text), {"a": ""}, {"a": "\n"}),
        (values.words("a", "b"), "b", "c"),
        (values.day, "2024-02-29", "2023-02-29"),
        (values.day, "2024-01-01", "20240101"),
        (values.instant, "2024-01-01T00:00:00.000000Z", "2024-01-01T24:00:00.000000Z"),
        (values.form("[0-9a-f]{2}"), "0a", "0a\n"),
        (values.ID, "batch-1", "批次"),
    ],
)
def test_a_shape_takes_what_it_says_and_nothing_else(shape: Any, right: Any, wrong: Any) -> None:
    assert values.fits(right, shape)
    assert not values.fits(wrong, shape)


@settings(max_examples=20)
@given(st.integers(1, 9))
def test_a_leaf_climbs_to_the_head_by_its_path(size: int) -> None:
    lines = [f"line {number}" for number in range(size)]

    def path_of(place: int, inside: list[str]) -> list[str]:
        if len(inside) == 1:
            return []
        left = 1 << (len(inside) - 1).bit_length() - 1
        if place < left:
            return [*path_of(place, inside[:left]), values.head(inside[left:])]
        return [*path_of(place - left, inside[left:]), values.head(inside[:left])]

    for place, line in enumerate(lines):
        path = path_of(place, lines)
        assert values.climb(line, place, size, path) == values.head(lines)
        assert values.climb(f"{line}!", place, size, path) != values.head(lines)


def test_a_signature_holds_for_its_message_and_key_alone() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = key.sign(b"message")
    assert values.signed(public, b"message", signature)
    assert not values.signed(public, b"Message", signature)
    assert not values.signed(b"\xff" * 32, b"message", signature)
    late = signature[:32] + (int.from_bytes(signature[32:], "little") + values.ORDER).to_bytes(32, "little")
    assert not values.signed(public, b"message", late)
