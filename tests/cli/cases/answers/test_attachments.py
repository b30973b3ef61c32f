"""Files answered by their path: their bytes are kept before an answer names them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import workbench_fixtures
from workbench_fixtures import Desk, MemoryFiles

from engine.app.commands import Caller
from engine.cli.cases.answers.attachments import AttachmentError, Attachments, attaching
from engine.cli.exits import CommandError
from engine.lifecycle.model.form import Field, FieldType

TEXT = "有内容\n".encode()
DIGEST = hashlib.sha256(TEXT).hexdigest()
ONE = Field(name="a", title="附件", type=FieldType.FILE)
MANY = Field(name="b", title="附件", type=FieldType.FILES)


@pytest.fixture
def keeping() -> Desk:
    desk = workbench_fixtures.desk()
    desk.bureau.application.files = MemoryFiles()
    return desk


def kept(desk: Desk, case: str) -> Any:
    with desk.bureau.application.store.read() as transaction:
        return transaction.papers.files(case)


def test_what_is_at_a_path_is_kept_once(keeping: Desk, tmp_path: Path) -> None:
    case = keeping.bureau.start()
    path = tmp_path / "现场 记录.txt"
    path.write_bytes(TEXT)
    files = Attachments(keeping.bureau.application, Caller("clerk-1"), case, {})
    answer = {"name": path.name, "sha256": DIGEST}
    assert files.answer(ONE, str(path)) == answer
    assert files.answer(MANY, [str(path)]) == [answer]
    assert files.answer(MANY, str(path)) == [answer]
    (file,) = kept(keeping, case)
    assert (file.title, file.sha256) == ("附件", DIGEST)
    # The id of a kept file is an answer, and so is what was answered before.
    again = Attachments(keeping.bureau.application, Caller("clerk-1"), case, {file.id: file.sha256})
    assert again.answer(ONE, file.id) == file.id
    assert again.answer(ONE, answer) == answer
    assert again.answer(ONE, "") == ""


def test_a_dry_run_keeps_nothing_and_says_what_it_would(keeping: Desk, tmp_path: Path) -> None:
    case = keeping.bureau.start()
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT)
    files = Attachments(keeping.bureau.application, Caller("clerk-1", dry_run=True), case, {})
    assert files.answer(ONE, str(path)) == {"name": "a.txt", "sha256": DIGEST}
    assert (files.coming, list(kept(keeping, case))) == ({DIGEST}, [])


@pytest.mark.parametrize("text", ["none.jpg", "~nobody/a.jpg", "a\0b", "x" * 5000, "."])
def test_what_is_no_file_is_refused_with_what_to_write(keeping: Desk, text: str) -> None:
    files = Attachments(keeping.bureau.application, Caller("clerk-1"), keeping.bureau.start(), {})
    with pytest.raises(AttachmentError, match="请写文件的路径，或本件附件的编号"):
        files.answer(ONE, text)


def test_a_file_that_is_not_kept_is_no_answer(keeping: Desk, tmp_path: Path) -> None:
    case = keeping.bureau.start()
    path = tmp_path / "a.svg"
    path.write_text("<svg/>")
    view: Any = type("View", (), {"case": type("Case", (), {"id": case}), "files": ()})
    attach = attaching(keeping.bureau.application, Caller("clerk-1"), set())
    with pytest.raises(CommandError, match="与文件名不符"):
        attach(view, ONE, str(path))
