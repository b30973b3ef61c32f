"""What may be kept."""

from __future__ import annotations

import pytest
from hostile_files import bomb, packed, picture

from engine.app.papers.facts import PaperRefusedError
from engine.app.papers.files import type_of


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
