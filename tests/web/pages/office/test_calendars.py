"""A year entered from the notice: read back with what it moves, unusual days confirmed, taken up by two."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from workbench_fixtures import BASE, Desk

from engine.deployment.home import Home
from engine.web.asgi import make_app
from engine.web.pages.office import calendars

YEAR = {
    "year": "2025",
    "source": "关于2025年部分节假日安排的通知",
    "holidays": "元旦 2025-01-01\n春节 2025-01-28..2025-02-04\n清明 2025-04-04\n劳动节 2025-05-01..2025-05-05\n端午 2025-05-31\n国庆节 2025-10-01..2025-10-08",
    "workdays": "2025-01-26 2025-02-08\n2025-04-27\n2025-09-28 2025-10-11",
}


@pytest.fixture
def keeping(desk: Desk, tmp_path: Path) -> Desk:
    (tmp_path / "calendars").mkdir()
    desk.bench = replace(desk.bench, home=Home(tmp_path))
    desk.client.app = make_app(desk.bench)
    desk.client._transport.app = desk.client.app
    desk.sign_in("head-1")
    assert desk.client.base_url == BASE
    return desk


def test_a_year_is_read_back_before_it_is_proposed(keeping: Desk) -> None:
    text = keeping.get("/administration/calendars").text
    assert "照通知录入一年" in text
    answer = keeping.post("/administration/calendars", do="check", **YEAR)
    assert answer.status_code == 200, answer.text
    assert "采用以后会怎样" in answer.text
    if "不寻常" in answer.text:
        days = [part.split('"')[0] for part in answer.text.split('name="confirm" value="')[1:]]
        answer = keeping.post("/administration/calendars", do="check", reason="照原文", confirm=days, **YEAR)
        assert "提请采用" in answer.text
    assert calendars.show is not None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("holidays", "春节", "看不懂这一行"),
        ("holidays", "2025-01-01", "看不懂这一行"),
        ("holidays", "春节 2025-02-30", "不是日期"),
        ("holidays", "春节 2025-02-04..2025-01-28", "起止不对"),
        ("year", "x", ""),
    ],
)
def test_what_cannot_be_read_is_said_line_by_line(keeping: Desk, field: str, typed: str, words: str) -> None:
    answer = keeping.post("/administration/calendars", do="check", **{**YEAR, field: typed})
    assert answer.status_code == 422
    assert words in answer.text
    # What was typed is there again.
    assert YEAR["source"] in answer.text


def test_without_a_folder_it_says_so(desk: Desk) -> None:
    desk.sign_in("head-1")
    assert "没有存放" in desk.post("/administration/calendars", do="check", **YEAR).text
