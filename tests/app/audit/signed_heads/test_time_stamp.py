"""Reading a time stamp without any library: what openssl wrote is read, mangled bytes are refused and nothing else happens."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from time_stamp_authority import stamped

from engine.app.audit.kit import verify_head
from engine.app.audit.signed_heads.time_stamp import MAX_BYTES, TimeStampFormatError, read_time_stamp
from tests.examples import examples


@pytest.fixture(scope="module")
def token(authority: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("stamped") / "head.txt"
    file.write_bytes(b"content")
    return stamped(authority, file).read_bytes()


def test_what_an_authority_wrote(token: bytes) -> None:
    found = read_time_stamp(token)
    assert found.covers(b"content")
    assert not found.covers(b"other")
    algorithm, digest, at = verify_head.time_stamp(token)
    assert (algorithm, digest, at) == (found.algorithm, found.digest, found.at.replace(microsecond=0))


@settings(max_examples=examples(20, 300), deadline=None)
@given(st.data())
def test_mangled_bytes_are_refused(token: bytes, data: st.DataObject) -> None:
    mangled = bytearray(token)
    place = data.draw(st.integers(0, 120))
    mangled[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(mangled)))
    with contextlib.suppress(TimeStampFormatError):
        read_time_stamp(bytes(mangled[:cut]))


@pytest.mark.parametrize(
    "content",
    [b"", b"\x30", b"\x30\x80", b"\x30\x85", b"\x30\x03\x02\x01\x02", b"0" * 9, b"x" * (MAX_BYTES + 1)],
)
def test_no_time_stamp(content: bytes) -> None:
    with pytest.raises(TimeStampFormatError):
        read_time_stamp(content)
