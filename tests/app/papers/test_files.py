"""What may be kept, and answers that name a kept file."""

from __future__ import annotations

import pytest
from hostile_files import bomb, packed, picture
from paper_fixtures import NOON

from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.files import type_of, with_kept_files
from engine.app.ports.papers import KeptFile
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.store.memory.store import MemoryStore

FORM = Form(
    id="notice",
    title="送达",
    fields=(
        Field(name="proof", title="回证", type=FieldType.FILE),
        Field(name="photos", title="照片", type=FieldType.FILES),
        Field(name="note", title="备注", type=FieldType.TEXT),
    ),
)
KEPT = KeptFile(
    id="c-1/F1", case="c-1", title="回证", name="a.pdf", sha256="ab" * 32, size=5, type="pdf", at=NOON, by="a"
)
FOUND = {"name": "a.pdf", "sha256": "ab" * 32}


def test_a_type_is_told_by_the_content_and_must_fit_the_name() -> None:
    assert type_of(b"%PDF-1.7", "回证.PDF") == "pdf"
    for content, name in ((b"\x7fELF\0", "a.pdf"), (b"%PDF-1.7", "a.png"), (b"", "a.txt")):
        with pytest.raises(PaperRefusedError):
            type_of(content, name)


def test_a_name_of_a_kept_file_becomes_the_file() -> None:
    with MemoryStore().write() as transaction:
        transaction.papers.add_file(KEPT)

        def resolved(**answers: object) -> object:
            return with_kept_files(transaction, "c-1", [FORM], answers)

        for name in ("c-1/F1", "F1", "ab" * 32):
            assert resolved(proof=name, note="F1") == {"proof": FOUND, "note": "F1"}
        assert resolved(photos=["F1", "F2"]) == {"photos": [FOUND, "F2"]}
        assert resolved(proof=FOUND) == {"proof": FOUND}
        assert resolved(proof="c-2/F1") == {"proof": "c-2/F1"}
        assert with_kept_files(transaction, "c-1", [FORM], None) is None


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
