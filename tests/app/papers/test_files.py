"""What may be kept."""

from __future__ import annotations

import hashlib

import pytest
from hostile_files import bomb, packed, picture
from rectification_fixtures import PDF, PERSON, rectification_desk

from engine.app.history.replay import history
from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.files import NewFile, keep_with_case, type_of
from engine.app.session.unit_of_work import UnitOfWork


def test_a_type_is_told_by_the_content_and_must_fit_the_name() -> None:
    assert type_of(b"%PDF-1.7", "回证.PDF") == "pdf"
    for content, name in ((b"\x7fELF\0", "a.pdf"), (b"%PDF-1.7", "a.png"), (b"", "a.txt")):
        with pytest.raises(PaperRefusedError):
            type_of(content, name)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture() + packed(), "a.png"),
        (picture()[:40] + b"%PDF-1.7" + picture()[40:], "a.png"),
        (b"%PDF-1.7\n" + packed(), "a.pdf"),
        (picture(width=1 << 30), "a.png"),
        (b"\xff\xd8\xff", "a.jpg"),
        (bomb(), "a.docx"),
        (packed(**{"word/vbaProject.bin": b"x"}), "a.docx"),
        (b"<svg onload=alert(1)>", "a.svg"),
        (b"PK\x03\x04bomb", "a.zip"),
        (b"MZ\x90\0", "a.jpg"),
    ],
    ids=["zip", "pdf-in-png", "zip-in-pdf", "pixels", "broken", "bomb", "macro", "svg", "archive", "program"],
)
def test_what_is_two_things_runs_or_grows_is_refused(content: bytes, name: str) -> None:
    with pytest.raises(PaperRefusedError):
        type_of(content, name)


def test_sound_files_of_these_kinds_are_kept() -> None:
    assert type_of(picture(), "../../x.png") == "png"
    assert type_of(packed(), "a.docx") == "docx"
    assert type_of(b"<svg onload=alert(1)>", "a.txt") == "txt"


def test_a_file_is_numbered_and_entered() -> None:
    desk = rectification_desk()
    store = desk.application.files
    assert store is not None
    with desk.application.store.write() as transaction:
        uow = UnitOfWork(desk.application, transaction, desk.clock.now())
        case = uow.case(desk.case)
        assert case is not None
        kept = [
            keep_with_case(uow, case, store, NewFile(PDF, name, "合同"), PERSON)
            for name in ("a.pdf", "b.pdf")
        ]
        with pytest.raises(PaperRefusedError):
            keep_with_case(uow, case, store, NewFile(b"MZ", "a.exe", "程序"), PERSON)
        uow.finish()
    digest = hashlib.sha256(PDF).hexdigest()
    assert [(one.id, one.name, one.title, one.sha256, one.size) for one in kept] == [
        (f"{desk.case}/F1", "a.pdf", "合同", digest, len(PDF)),
        (f"{desk.case}/F2", "b.pdf", "合同", digest, len(PDF)),
    ]
    assert store.get(digest) == PDF
    with desk.application.store.read() as transaction:
        assert transaction.papers.files(desk.case) == kept
        last = list(history(transaction, desk.case))[-1]
    assert (last.actor, last.body["title"], last.body["file"]) == (PERSON, "存入附件", f"{desk.case}/F2")
    assert NewFile(PDF, "a", "b").as_json() == {"content": PDF, "name": "a", "title": "b"}
