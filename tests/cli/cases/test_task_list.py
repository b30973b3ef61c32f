"""``ssj task list | calendar | week``: what is to be done, cut as people ask for it, and as a calendar reads it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from command_fixtures import called, done, ssj
from hypothesis import given
from hypothesis import strategies as st

from engine.app.ports.records import Task
from engine.app.ports.worklist import WorkItem
from engine.app.worklist.cuts import week_of
from engine.app.worklist.icalendar import calendar_feed
from engine.cli.cases.task_list import calendar, list_tasks, week
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.kernel.plain_text import visible
from engine.language import say

ZONE = ZoneInfo("Asia/Shanghai")
PERSON = "chief-labour_inspection"
SECTION = "labour_inspection"


def task(case: str, due: date | None, key: str = f"p:{PERSON}", **more: object) -> Task:
    values: dict[str, object] = {
        "case": case,
        "key": key,
        "workflow": "inspection",
        "state": "to_visit",
        "title": "待检查",
        "case_title": "示例企业",
        "section": SECTION,
        "assignee": None,
        "due_on": due,
        "due_at": None
        if due is None
        else datetime.combine(due + timedelta(days=1), datetime.min.time(), ZONE).astimezone(UTC),
        "provisional": False,
        "opened_at": datetime(2024, 3, 4, 1, tzinfo=UTC),
    }
    return Task(**{**values, **more})  # type: ignore[arg-type] # passed on


@pytest.fixture
def busy(home: Path) -> Path:
    monday, sunday = week_of(SystemClock().now(), ZONE)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.tasks.put(
            [
                task("inspection-1", sunday),
                task("inspection-2", sunday, f"r:section_chief@{SECTION}"),
                task("inspection-3", sunday + timedelta(days=1), provisional=True),
                task("inspection-4", monday - timedelta(days=30)),
                task("inspection-5", None),
                task("inspection-6", sunday, "p:insp-99", section="market"),
            ]
        )
    store.close()
    return home


def cases(said: object) -> list[str]:
    return [line.split("\t")[0] for line in said.out.splitlines()]  # type: ignore[attr-defined] # Said


def test_cuts_of_the_list(busy: Path) -> None:
    def listed(*words: str) -> list[str]:
        return cases(done("task", "list", *words, home=busy))

    def mine(*words: str) -> list[str]:
        return listed("--as", PERSON, *words)

    assert mine() == ["inspection-4", "inspection-1", "inspection-2", "inspection-3", "inspection-5"]
    assert mine("--mine") == ["inspection-4", "inspection-1", "inspection-3", "inspection-5"]
    assert mine("--due-this-week") == ["inspection-1", "inspection-2"]
    assert mine("--mine", "--due-this-week") == ["inspection-1"]
    assert mine("--overdue") == ["inspection-4"]
    assert mine("--mine", "--limit", "1") == ["inspection-4"]
    # The cut comes before the limit.
    assert mine("--due-this-week", "--limit", "1") == ["inspection-1"]
    assert listed("--section", "market") == ["inspection-6"]
    assert listed("--due-this-week") == ["inspection-1", "inspection-2", "inspection-6"]
    for words in (["--mine"], ["--waiting"], ["--as", PERSON, "--mine", "--waiting"]):
        assert ssj("task", "list", *words, home=busy).code == 2
    assert ssj("task", "list", "--as", "nobody-here", "--waiting", home=busy).code == 1


def test_what_waits_for_others(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    waiting = done("task", "list", "--as", "leading", "--waiting", "--json", home=home).json()
    own = done("task", "list", "--as", "leading", "--json", home=home).json()
    # Whoever started it either holds it still or waits for somebody.
    assert {one["case"] for one in waiting} ^ {one["case"] for one in own} == {"batch-1"}
    assert done("task", "list", "--as", "drawer", "--waiting", "--json", home=home).json() == []


def test_the_sheet_of_a_week(busy: Path, tmp_path: Path) -> None:
    sheet = done("task", "week", "--section", SECTION, "--json", home=busy).json()
    assert [one["case"] for one in sheet["late"]] == ["inspection-4"]
    assert [one["case"] for day in sheet["days"] for one in day["tasks"]] == ["inspection-1", "inspection-2"]
    lines = done("task", "week", "--section", SECTION, home=busy).out.splitlines()
    assert "【逾期】" in lines[0]
    assert len(lines) == 3
    file = tmp_path / "week.html"
    done("task", "week", "--section", SECTION, "--html", file, home=busy)
    page = file.read_text("utf-8")
    assert "劳动监察大队本周到期事项" in page
    assert page.count("<tr><td>inspection-") == 3
    said = ssj("task", "week", "--section", "nowhere", home=busy)
    assert said.code == 1
    assert SECTION in said.err


def test_a_calendar_program_reads_the_feed(busy: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    done("task", "calendar", "--as", PERSON, "--output", file, home=busy)
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert len(events) == 4
    by_id = {str(event["UID"]): event for event in events}
    first = by_id["inspection-1.to_visit@shuangsuiji"]
    _, sunday = week_of(SystemClock().now(), ZONE)
    assert first.decoded("DTSTART") == sunday
    assert first.decoded("DTEND") == sunday + timedelta(days=1)
    assert str(first["SUMMARY"]) == "待检查：示例企业"
    assert str(by_id["inspection-3.to_visit@shuangsuiji"]["STATUS"]) == "TENTATIVE"
    assert str(by_id["inspection-4.to_visit@shuangsuiji"]["SUMMARY"]).startswith("【逾期】")
    script = "from engine.cli.main import main; main()"
    words = [sys.executable, "-c", script, "--home", str(busy), "task", "calendar", "--as", PERSON]
    assert subprocess.run(words, capture_output=True, check=True).stdout == file.read_bytes()


@given(st.text(max_size=200), st.text(st.sampled_from("，；\\,;\n\r中a𠮷"), max_size=120))
def test_whatever_a_title_says_it_comes_back_and_no_line_is_too_long(case: str, title: str) -> None:
    one = task(case or "c", date(2024, 4, 1), title=title)
    feed = calendar_feed([WorkItem(one, (one.key,), False)], say("时限"))
    lines = feed.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    for line in lines:
        line.decode("utf-8")
    (event,) = icalendar.Calendar.from_ical(feed).walk("VEVENT")
    # A carriage return cannot be typed into a title; one that an older version stored is shown.
    told = "\n".join(visible(line) for line in f"{title}：示例企业".replace("\r\n", "\n").split("\n"))
    assert str(event["SUMMARY"]) == told
    assert feed == calendar_feed([WorkItem(one, (one.key,), False)], say("时限"))


def test_the_commands_themselves(home: Path, tmp_path: Path) -> None:
    form = tmp_path / "start.json"
    form.write_text('{"kind": "objects", "year": 2026}', encoding="utf-8")
    done("case", "start", "library", "--title", "对象库", "--as", "chief-market", "--form", form, home=home)
    (item,) = called(list_tasks, "--as", "chief-market", "--json", home=home).json()
    assert item["case"] == "library-1"
    assert called(list_tasks, "--as", "nobody", home=home).code == 1
    assert called(list_tasks, "--mine", home=home).code == 2
    feed = called(calendar, "--as", "chief-market", home=home).out
    assert feed.startswith("BEGIN:VCALENDAR\r\n")
    written = tmp_path / "feed.ics"
    assert called(calendar, "--as", "chief-market", "--output", written, home=home).out == ""
    assert written.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert called(week, "--section", "absent", home=home).code == 1
    sheet = called(week, "--section", "market", "--json", home=home).json()
    assert sheet["section"] == "market"
    page = tmp_path / "week.html"
    assert called(week, "--section", "market", "--html", page, home=home).code == 0
    assert page.read_bytes().lower().startswith(b"<!doctype html>")
