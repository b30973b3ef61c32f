from __future__ import annotations

import hashlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from document_factories import AT, HOSTILE, inspection

from engine.app.ports.case_file import Addressee, CaseFile
from engine.app.ports.records import Document, Publication
from engine.documents.archive_index import index_page
from engine.language import say
from engine.lifecycle.chain import GENESIS, follow

CASE = inspection()
EVENT = follow(CASE.id, 1, AT, "P01", "started", {}, GENESIS)
DOCUMENT = Document("d-1", CASE.id, "notice", "notice.html", "ab", b"<p>", AT)
PUBLICATION = Publication(id="p-1", kind="result", case=CASE.id, title="甲", body={}, published_at=AT)
FILES = {"manifest.json": b"{}", "文书/通知.html": b"<p>"}


def page_of(case, events, publications, title, documents, files, missing=(), whom=Addressee.OFFICE):
    """Return the page of a case file."""
    return index_page(CaseFile(case, title, events, documents, publications), documents, files, whom, missing)


class Cells(HTMLParser):
    """The texts of the rows of all tables, and the lines of all lists."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.lines: list[str] = []
        self.links: list[str | None] = []
        self._into: list[str] | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._into = self.rows[-1]
        elif tag == "li":
            self.lines.append("")
            self._into = self.lines
        elif tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "li"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data


def test_the_page_names_the_case_its_files_and_its_events() -> None:
    page = page_of(CASE, [EVENT], [PUBLICATION], "抽查检查", [DOCUMENT, DOCUMENT], FILES)
    found = Cells(page)
    assert found.rows[:7] == [
        ["编号", CASE.id],
        ["流程", "抽查检查（第 1 版）"],
        ["对象", "清河电子科技有限公司 91130102MA07X3K21Q"],
        ["事件", "1 条"],
        ["文书", "2 份"],
        ["公示", "1 条"],
        ["事件链头", EVENT.hash],
    ]
    for name, content in FILES.items():
        assert [name, str(len(content)), hashlib.sha256(content).hexdigest()] in found.rows
    assert found.rows[-1] == ["1", "2024-09-14T02:05:00.000000Z", "P01", "started"]
    assert found.links == ["manifest.json", "%E6%96%87%E4%B9%A6/%E9%80%9A%E7%9F%A5.html"]
    assert found.lines == []
    assert b'<html lang="zh-CN">' in page


def test_what_is_missing_is_listed_and_nothing_is_run() -> None:
    hostile = replace(CASE, title=HOSTILE, subject={"id": HOSTILE, "name": HOSTILE})
    missing = [say("已确认 {count} 条", count=3)]
    page = page_of(hostile, [], [], "", [], {HOSTILE: b""}, missing)
    found = Cells(page)
    assert b"<script>" not in page
    assert found.lines == ["已确认 3 条"]
    assert found.rows[1] == ["流程", "inspection（第 1 版）"]
    assert found.rows[2] == ["对象", f"{HOSTILE} {HOSTILE}"]
    assert found.rows[6][0] == "名称"


def test_the_page_speaks_the_language_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    page = page_of(CASE, [EVENT], [], "Inspection", [], {}, [say("已确认 {count} 条", count=3)])
    assert b'<html lang="en">' in page
    assert Cells(page).lines == ["3 acknowledged"]


def test_the_copy_of_the_firm_shows_no_event() -> None:
    page = page_of(CASE, [EVENT], [], "抽查检查", [], {}, whom=Addressee.FIRM)
    assert "企业副本" in page.decode()
    assert b"P01" not in page
