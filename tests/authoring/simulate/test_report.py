"""What a rehearsal showed, as numbers and as a page."""

from __future__ import annotations

from collections import Counter

from walk_factories import process_of

from engine.authoring.simulate.report import SimulationReport, as_text

FLOW = process_of("""
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk}
  review: {title: 待审核, for: chief}
  fixing: {title: 待整改, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: report, title: 上报, from: open, to: review}
  - {do: close, title: 通过, from: review, to: done}
  - {do: fix, title: 责令整改, from: review, to: fixing}
  - {do: fixed, title: 整改完成, from: fixing, to: done}
""").workflow


def found() -> SimulationReport:
    report = SimulationReport("visit", cases=3, closed=2, reminders=4, overdue=2, escalations=1)
    report.visits.update(open=3, review=3, done=2)
    report.taken.update(report=3, close=2)
    report.ends.update(done=2)
    report.stays["open"] += [1, 2, 4]
    report.stays["review"] += []
    report.never_entered = ("fixing",)
    report.never_taken = ("fix", "fixed")
    report.stuck = ("fix",)
    report.obstacles["fix"].update({"数量不足": 5, "没有签字": 2, "一": 1, "二": 1, "三": 1, "四": 1})
    return report


def test_as_plain_values() -> None:
    body = found().as_json()
    assert body.pop("obstacles") == {"fix": {"数量不足": 5, "没有签字": 2, "一": 1, "二": 1, "三": 1}}
    assert body == {
        "workflow": "visit",
        "cases": 3,
        "closed": 2,
        "ends": {"done": 2},
        "visits": {"open": 3, "review": 3, "done": 2},
        "taken": {"report": 3, "close": 2},
        "stays": {"open": {"count": 3, "sum": 7, "longest": 4}},
        "reminders": 4,
        "overdue": 2,
        "escalations": 1,
        "never_entered": ["fixing"],
        "never_taken": ["fix", "fixed"],
        "stuck": ["fix"],
        "left": {},
        "rounds": 1,
    }


def test_as_a_page() -> None:
    assert as_text(found(), FLOW).splitlines() == [
        "演练《检查》3 件，办结 2 件",
        "  待检查（open）：到过 3 次，平均停留 2 个工作日，最长 4",
        "  待审核（review）：到过 3 次，平均停留 0 个工作日，最长 0",
        "  办结（done）：办结于此 2 件",
        "提醒 4 次，逾期 2 次，升级督办 1 次",
        "没有到过的环节：待整改",
        "没有机会办的步骤：整改完成（fixed）",
        "办不成的步骤：责令整改（fix）",
        "  数量不足（5 次）",
        "  没有签字（2 次）",
        "  一（1 次）",
    ]


def test_a_rehearsal_that_reached_everything_says_so() -> None:
    report = SimulationReport("visit", visits=Counter(open=1))
    assert as_text(report, FLOW).splitlines()[-1] == "每个环节都到过，每个步骤都办成过"
    assert report.as_json()["stays"] == {}
