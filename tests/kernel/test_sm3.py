"""SM3 gives the digests of the standard, with and without OpenSSL."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import sm3
from engine.kernel.sm3 import sm3_hex, sm3_pure

#: GB/T 32905-2016, appendix A; the last is SM3 of nothing.
KNOWN = {
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
    b"": "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b",
}


@pytest.mark.parametrize(("data", "digest"), KNOWN.items())
def test_the_examples_of_the_standard(data: bytes, digest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sm3_pure(data).hex() == digest
    assert sm3_hex(data) == digest
    monkeypatch.setattr(sm3, "_BUILT_IN", False)
    assert sm3_hex(data) == digest


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
@given(st.binary(max_size=140))
def test_integer_arithmetic_agrees_with_openssl(data: bytes) -> None:
    assert sm3_pure(data) == hashlib.new("sm3", data).digest()
