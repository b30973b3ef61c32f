"""Kept files are packed as they were kept, or not at all."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.deployment.home import Home
from engine.deployment.jobs.packing import (
    DamagedFilesError,
    can_write_pdf,
    kept_files,
    no_pdf,
    pdf_maker,
    require_as_in_history,
)
from engine.files.content_store import ContentStore
from engine.language import say


def test_a_file_that_is_not_as_it_was_kept_is_not_packed(tmp_path: Path) -> None:
    home: Any = SimpleNamespace(files=tmp_path)
    digest = ContentStore(tmp_path).put(b"1")
    file = SimpleNamespace(id="c-1/F1", sha256=digest)
    found: Any = SimpleNamespace(files=[file])
    assert kept_files(home, found) == {digest: b"1"}
    (tmp_path / digest[:2] / digest).write_bytes(b"2")
    gone = SimpleNamespace(id="c-1/F2", sha256=hashlib.sha256(b"9").hexdigest())
    both: Any = SimpleNamespace(files=[file, gone])
    with pytest.raises(DamagedFilesError) as problem:
        kept_files(home, both)
    said = str(problem.value)
    assert "附件“c-1/F1”的内容与存入时不同" in said
    assert "附件“c-1/F2”不在了，或读不出来" in said


def test_what_the_history_says_otherwise_is_not_packed() -> None:
    whole: Any = SimpleNamespace(unlike=())
    require_as_in_history(whole)
    other: Any = SimpleNamespace(unlike=(say("“甲”不在了"), say("“乙”不在了")))
    with pytest.raises(DamagedFilesError) as problem:
        require_as_in_history(other)
    assert "“甲”不在了" in str(problem.value)
    assert "“乙”不在了" in str(problem.value)


def test_a_package_without_pdf_says_so_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "c/data/documents/01-a.html": b"",
        "c/data/documents/02-b.html": b"",
        "c/data/documents/02-b.pdf": b"",
    }
    assert no_pdf({"c/data/case.json": b""}) is None
    assert "01-a.html 写不成 PDF" in str(no_pdf(files))
    monkeypatch.setattr("engine.deployment.jobs.packing.find_spec", lambda name: None)
    assert not can_write_pdf()
    assert "本机没有装写 PDF 的组件" in str(no_pdf(files))
    assert pdf_maker(Home(Path("/none"), {}))(b"<p>", date(2026, 3, 2)) is None
