from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.app.ports.records import Task
from engine.app.ports.worklist import WorkItem
from engine.app.worklist.icalendar import calendar_feed
from engine.language import say

AT = datetime(2024, 9, 2, 2, tzinfo=UTC)
TASK = Task(
    "visit-1", "r:clerk", "visit", "open", "待检查", "甲件", "north", None, date(2024, 9, 30), AT, False, AT
)


def feed(task: Task, *, late: bool = False) -> list[str]:
    text = calendar_feed([WorkItem(task, (task.key,), late)], say("时限")).decode()
    return text.replace("\r\n ", "").split("\r\n")


def test_one_entry_for_each_task_with_a_day() -> None:
    lines = feed(TASK)
    assert lines[4:-2] == [
        "X-WR-CALNAME:时限",
        "BEGIN:VEVENT",
        "UID:visit-1.open@shuangsuiji",
        "DTSTAMP:20240902T020000Z",
        "DTSTART;VALUE=DATE:20240930",
        "DTEND;VALUE=DATE:20241001",
        "SUMMARY:待检查：甲件",
        "DESCRIPTION:案件 visit-1",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    assert "BEGIN:VEVENT" not in feed(replace(TASK, due_on=None))


def test_late_and_provisional_ones_say_so() -> None:
    assert "SUMMARY:【逾期】待检查：甲件" in feed(TASK, late=True)
    provisional = feed(replace(TASK, provisional=True))
    assert "SUMMARY:（暂定）待检查：甲件" in provisional
    assert "STATUS:TENTATIVE" in provisional


def test_what_a_text_cannot_carry_is_escaped() -> None:
    assert "SUMMARY:待检查：a\\,b\\;c\\\\d\\ne\\\\u0007f" in feed(
        replace(TASK, case_title="a,b;c\\d\ne\x07f")
    )


@given(st.text(max_size=200))
def test_no_line_is_longer_than_allowed(title: str) -> None:
    content = calendar_feed([WorkItem(replace(TASK, case_title=title), ("r:clerk",), False)], say("时限"))
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines)
    assert len(content.decode().replace("\r\n ", "").split("\r\n")) == 17
