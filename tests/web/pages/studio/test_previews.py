"""Forms in every face, and papers, from the text that is not published."""

from __future__ import annotations

import pytest
from page_visits import text_of, visit_of
from studio_texts import changed
from workbench_fixtures import Desk

from engine.web.pages.studio import previews


def file(desk: Desk, face: str, name: str = "note", person: str = "head-1") -> tuple[int, bytes]:
    answer = previews.file(visit_of(desk, "/", person, workflow="visit", face=face, name=name))
    return answer.status, answer.body


def shown(desk: Desk, address: str = "/", typed: dict[str, str] | None = None) -> str:
    return text_of(previews.show(visit_of(desk, address, "head-1", typed, workflow="visit")))


def test_a_form_is_shown_in_every_face(desk: Desk) -> None:
    text = shown(desk, "/?form=note")
    for words in ("《记录》在网页上", "A4 纸上", "终端上", "离线包里", "found:", 'name="q.found"'):
        assert words in text, words
    assert "这个流程不制作文书" in text
    assert previews.show(visit_of(desk, "/?paper=x", "head-1", workflow="visit")).status == 404


@pytest.mark.parametrize(
    ("face", "start"), [("sheet.html", b"<!DOCTYPE"), ("kit.html", b"<!DOCTYPE"), ("sheet.docx", b"PK")]
)
def test_a_face_as_a_file(desk: Desk, face: str, start: bytes) -> None:
    status, body = file(desk, face)
    assert status == 200
    assert body.startswith(start)


def test_what_there_is_no_face_of(desk: Desk) -> None:
    for face, name in (
        ("kit.pdf", "note"),
        ("sheet.exe", "note"),
        ("sheet.html", "x"),
        ("paper.html", "x"),
        ("x", "x"),
    ):
        assert file(desk, face, name)[0] == 404


def test_a_text_that_cannot_be_read_has_no_look(desk: Desk) -> None:
    changed(desk, "to: checking", "to: chekcing")
    assert "改好才能看" in shown(desk)
    assert file(desk, "sheet.html")[0] == 404
