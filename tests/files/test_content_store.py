"""Bytes are kept under their digest, once, for the owner alone."""

from __future__ import annotations

import hashlib
import stat
import sys
from pathlib import Path

import pytest

from engine.files.content_store import ContentStore


def test_bytes_are_kept_under_their_digest(tmp_path: Path) -> None:
    store = ContentStore(tmp_path / "files")
    digest = store.put(b"paper")
    assert digest == hashlib.sha256(b"paper").hexdigest()
    assert store.get(digest) == b"paper"
    assert store.put(b"paper") == digest
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "0" * 63, "A" * 64])
def test_what_is_not_kept_is_nothing(tmp_path: Path, digest: str) -> None:
    assert ContentStore(tmp_path).get(digest) is None


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_nobody_else_may_read(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    ContentStore(folder).put(b"paper")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE(next(folder.iterdir()).stat().st_mode) == 0o700


def test_what_is_removed_is_gone_and_nothing_else(tmp_path: Path) -> None:
    store = ContentStore(tmp_path)
    first, second = store.put(b"1"), store.put(b"2")
    store.remove(first)
    store.remove(first)
    store.remove("../../x")
    assert (store.get(first), store.get(second)) == (None, b"2")
