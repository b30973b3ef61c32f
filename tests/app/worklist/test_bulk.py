"""Many tasks at once: which are meant, and what came of each."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.app.history.requests import CommandResult
from engine.app.ports.records import Task
from engine.app.ports.worklist import WorkItem
from engine.app.worklist.bulk import WORDS, BulkReport, TaskFilter
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say

AT = datetime(2026, 3, 2, tzinfo=UTC)


def item(case: str = "visit-1", *, late: bool = False, due_on: date | None = date(2026, 3, 9)) -> WorkItem:
    task = Task(
        case=case,
        key="role:clerk",
        workflow="visit",
        state="open",
        title="待检查",
        case_title="示例甲公司",
        section="north",
        assignee="anna",
        due_on=due_on,
        due_at=None,
        provisional=False,
        opened_at=AT,
    )
    return WorkItem(task, ("role:clerk",), late)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("state=open", {"state": "open"}),
        (" state = open ， overdue=true ,", {"state": "open", "overdue": "true"}),
        ("title=a=b", {"title": "a=b"}),
    ],
)
def test_conditions_are_read(text: str, words: dict[str, str]) -> None:
    assert TaskFilter.read(text) == TaskFilter(words)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", ["批量办理须写明条件，例如 state=to_enter,overdue=true"]),
        ("open", ["“open”应写成 名=值"]),
        ("state=", ["“state=”应写成 名=值"]),
        ("overdue=yes", ["overdue 应为 true 或 false，实为“yes”"]),
        ("colour=red,open", [f"没有条件“colour”；可用：{'、'.join(WORDS)}", "“open”应写成 名=值"]),
    ],
)
def test_everything_wrong_with_conditions_is_said(text: str, sentences: list[str]) -> None:
    found = TaskFilter.read(text)
    assert isinstance(found, list)
    assert [str(one) for one in found] == sentences


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        ({}, True),
        ({"workflow": "visit", "state": "open", "section": "north", "assignee": "anna"}, True),
        ({"case": "visit-2"}, False),
        ({"state": "closed"}, False),
        ({"overdue": "false"}, True),
        ({"overdue": "true"}, False),
        ({"title": "甲公"}, True),
        ({"title": "乙"}, False),
        ({"due_before": "2026-03-10"}, True),
        ({"due_before": "2026-03-09"}, False),
        ({"state": "open", "section": "south"}, False),
    ],
)
def test_a_task_is_meant_where_all_words_fit(words: dict[str, str], fits: bool) -> None:
    assert TaskFilter(words).fits(item()) is fits


def test_a_task_without_a_due_day_is_never_due_before_one() -> None:
    assert not TaskFilter({"due_before": "9999-01-01"}).fits(item(due_on=None))
    assert TaskFilter({"overdue": "true"}).fits(item(late=True))


def test_each_task_has_its_own_outcome_and_request() -> None:
    asked: list[tuple[str, str | None]] = []
    refusal = Refusal("b", "办结", (RefusalReason("not-allowed", say("不行")),))

    def act(case: str, request: str | None) -> CommandResult | Refusal:
        asked.append((case, request))
        return refusal if case == "b" else CommandResult(case=case, state="closed", rev=2, title="办结")

    report = BulkReport.of([item("a"), item("b"), item("c")], act, "r")
    assert asked == [("a", "r:a"), ("b", "r:b"), ("c", "r:c")]
    assert [one.done for one in report.items] == [True, False, True]
    assert not report.all_done
    assert str(report.summary) == "共 3 件：办成 2 件，未办 1 件"
    done, refused, _ = (one.as_json() for one in report.items)
    assert (done["case"], done["title"], done["done"]) == ("a", "示例甲公司", True)
    assert done["answer"]["state"] == "closed"
    assert "refusal" not in done
    assert refused["refusal"]["reasons"][0]["code"] == "not-allowed"
    assert "answer" not in refused
    assert BulkReport.of([item("a")], act, None).all_done
    assert asked[-1] == ("a", None)
