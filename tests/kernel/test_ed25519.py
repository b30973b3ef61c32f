"""Signatures against the vectors of RFC 8032 (7.1) and against themselves."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel import ed25519

#: Secret, public key, message, signature: tests 1, 2 and 3 of RFC 8032.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("secret", "key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard(secret: str, key: str, message: str, signature: str) -> None:
    given_secret, text, signed = bytes.fromhex(secret), bytes.fromhex(message), bytes.fromhex(signature)
    assert ed25519.public_key(given_secret).hex() == key
    assert ed25519.sign(given_secret, text) == signed
    assert ed25519.verify(bytes.fromhex(key), text, signed)


@settings(max_examples=5)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=40), st.integers(0, 511))
def test_one_changed_bit_is_no_signature(secret: bytes, message: bytes, bit: int) -> None:
    key, signature = ed25519.public_key(secret), bytearray(ed25519.sign(secret, message))
    signature[bit // 8] ^= 1 << bit % 8
    assert not ed25519.verify(key, message, bytes(signature))
    assert not ed25519.verify(key, message + b"x", ed25519.sign(secret, message))


def test_what_is_no_key_or_no_signature() -> None:
    key, signature = bytes.fromhex(VECTORS[0][1]), bytes.fromhex(VECTORS[0][3])
    assert not ed25519.verify(b"\xff" * 32, b"", signature)
    assert not ed25519.verify(key[:31], b"", signature)
    assert not ed25519.verify(key, b"", signature[:63])
    # The same signature with the order of the group added to its number is another text for it: refused.
    order = 2**252 + 27742317777372353535851937790883648493
    number = int.from_bytes(signature[32:], "little") + order
    assert not ed25519.verify(key, b"", signature[:32] + number.to_bytes(32, "little"))
    with pytest.raises(ValueError, match="32 bytes"):
        ed25519.sign(b"short", b"")
