from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from document_factories import HOSTILE

from engine.app.ports.records import Task
from engine.app.ports.worklist import SheetLine, Week, WorkItem
from engine.documents.week_sheet import week_page

MONDAY, SUNDAY = date(2027, 3, 1), date(2027, 3, 7)
AT = datetime(2027, 3, 1, tzinfo=UTC)


def line(number: int, day: int, *, title: str = "甲", provisional: bool = False) -> SheetLine:
    due = date(2027, 3, day)
    task = Task(
        f"visit-{number}", "p:p", "visit", "open", "现场检查", title, "one", None, due, AT, provisional, AT
    )
    return SheetLine(WorkItem(task, ("p:p",), late=False), ("经办人01", "股长01"))


def rows(page: bytes) -> list[list[str]]:
    found = re.findall(r"<tr><td>(.*?)</td></tr>", page.decode())
    return [row.split("</td><td>") for row in found]


def headings(page: bytes) -> list[str]:
    return re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page.decode())


def test_what_is_late_comes_first_and_the_rest_by_day() -> None:
    days = (
        (date(2027, 3, 3), (line(2, 3, provisional=True),)),
        (date(2027, 3, 4), (line(3, 4), line(4, 4))),
    )
    page = week_page(Week("one", "一股", MONDAY, SUNDAY, (line(1, 1),), days), "一股")
    assert headings(page) == ["一股本周到期事项", "已逾期", "2027-03-03 到期", "2027-03-04 到期"]
    assert "2027-03-01 至 2027-03-07，逾期 1 件，共 4 件。" in page.decode()
    assert rows(page) == [
        ["visit-1", "现场检查", "甲", "经办人01、股长01", "2027-03-01", ""],
        ["visit-2", "现场检查", "甲", "经办人01、股长01", "2027-03-03（暂定）", ""],
        ["visit-3", "现场检查", "甲", "经办人01、股长01", "2027-03-04", ""],
        ["visit-4", "现场检查", "甲", "经办人01、股长01", "2027-03-04", ""],
    ]
    assert "本周没有到期或逾期的事项。" not in page.decode()


def test_a_week_without_tasks_says_so() -> None:
    page = week_page(Week("one", "一股", MONDAY, SUNDAY, (), ()), "一股")
    assert (rows(page), headings(page)) == ([], ["一股本周到期事项"])
    assert "本周没有到期或逾期的事项。" in page.decode()


def test_names_stay_texts_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    page = week_page(Week("one", "一股", MONDAY, SUNDAY, (line(1, 1, title=HOSTILE),), ()), HOSTILE)
    assert b"<script>" not in page
    assert b'<html lang="en">' in page
    assert rows(page)[0][2] == "&lt;script&gt;alert(1)&lt;/script&gt;甲"
