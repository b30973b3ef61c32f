"""Kept files are packed as they were kept, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from engine.deployment.packing import kept_files
from engine.files.content_store import ContentStore


def test_a_file_that_is_not_as_it_was_kept_is_not_packed(tmp_path: Path) -> None:
    home: Any = SimpleNamespace(files=tmp_path)
    digest = ContentStore(tmp_path).put(b"1")
    found: Any = SimpleNamespace(files=[SimpleNamespace(sha256=digest)])
    assert kept_files(home, found) == {digest: b"1"}
    (tmp_path / digest[:2] / digest).write_bytes(b"2")
    assert kept_files(home, found) is None
    other: Any = SimpleNamespace(files=[SimpleNamespace(sha256=hashlib.sha256(b"9").hexdigest())])
    assert kept_files(home, other) is None
