"""The formats of a paper, by the ending of a file's name."""

from __future__ import annotations

from datetime import date

import pytest
from paper_factories import everything

from engine.documents.paper import formats
from engine.documents.paper.formats import format_of, written
from engine.documents.paper.tree import PaperError

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("通知书.html", ".html"),
        ("a.HTM", ".html"),
        ("无", ".html"),
        ("a.b.DOCX", ".docx"),
        ("通知书.pdf", ".pdf"),
    ],
)
def test_the_ending_says_the_format(name: str, ending: str) -> None:
    assert format_of(name) == ending


@pytest.mark.parametrize(
    ("name", "said"), [("a.doc", "是不是“.docx”"), ("a.xlsx", "可以写成：.html、.docx、.pdf")]
)
def test_other_endings_are_refused_with_those_there_are(name: str, said: str) -> None:
    with pytest.raises(PaperError) as refused:
        format_of(name)
    assert said in str(refused.value)


def test_html_is_written_as_it_is() -> None:
    assert written(b"<p>", ".html", DAY) == b"<p>"


@pytest.mark.parametrize(("ending", "begin"), [(".docx", b"PK\x03\x04"), (".pdf", b"%PDF-1.7")])
def test_each_format_begins_as_its_readers_expect(ending: str, begin: bytes) -> None:
    assert written(everything().encode(), ending, DAY).startswith(begin)


@pytest.mark.parametrize(("ending", "extra"), [(".docx", "shuangsuiji[word]"), (".pdf", "shuangsuiji[pdf]")])
def test_a_format_that_is_not_installed_names_what_to_install(
    ending: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    with pytest.raises(PaperError) as refused:
        written(everything().encode(), ending, DAY)
    assert extra in str(refused.value)
