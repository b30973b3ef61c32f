"""The list of tasks: tabs, filters as addresses, pages by key."""

from __future__ import annotations

import re
from datetime import timedelta

from workbench_fixtures import Desk

from engine.web.pages import tasks


def test_tabs_and_due_dates_in_words(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    text = signed_in.get("/").text
    assert "还有 20 个工作日" in text
    signed_in.bureau.clock.advance(timedelta(days=60))
    signed_in.client.cookies.clear()
    signed_in.sign_in()
    late = signed_in.get("/?tab=overdue").text
    assert "已逾期" in late
    assert case in late
    assert case not in signed_in.get("/?tab=week").text
    assert case in signed_in.get("/?tab=section").text
    assert case in signed_in.get("/?tab=nonsense").text


def test_a_filter_is_an_address(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    assert f"/cases/{case}" in signed_in.get("/?text=示例").text
    assert f"/cases/{case}" not in signed_in.get("/?text=别的").text
    assert f"/cases/{case}" not in signed_in.get("/?workflow=errand").text


def test_pages_by_key_hold_every_task_once(signed_in: Desk, monkeypatch) -> None:
    cases = {signed_in.bureau.start() for _ in range(7)}
    monkeypatch.setattr(tasks, "PER_PAGE", 3)
    seen: list[str] = []
    path: str | None = "/"
    while path:
        text = signed_in.get(path).text
        seen += re.findall(r'class="row" href="/cases/([^"?]+)', text)
        after = re.search(r'class="pages"><a href="([^"]+)"', text)
        path = after[1].replace("&amp;", "&") if after else None
    assert len(seen) == 7
    assert set(seen) == cases
    assert tasks.show is not None


def test_a_filter_is_kept_under_a_name(signed_in: Desk) -> None:
    answer = signed_in.post("/", title="示例的", tab="week", text="示例", workflow="")
    assert answer.headers["location"] == "/?tab=week&text=%E7%A4%BA%E4%BE%8B"
    assert "示例的" in signed_in.get("/").text
    assert signed_in.post("/", do="drop", title="示例的").headers["location"] == "/"
    assert "示例的" not in signed_in.get("/").text
    assert signed_in.post("/", title=" ", tab="all").status_code == 422
