"""Two versions of a small workflow, and a case of the first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.process import Process

BUREAU = """bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles: {clerk: {title: 经办人, scope: section}}
"""
FORM = """form: visit
title: 检查表
fields:
  - level: {title: 等级, type: choice, choices: {low: 低, high: 高}}
  - count: {title: 次数, type: integer}
  - contact: {title: 联系人, optional: true}
"""
FLOW = """workflow: check
title: 检查
about: none
initial: open
start: {by: clerk}
fields:
  - place: {title: 地点}
states:
  open:
    title: 待查
    for: clerk
    deadline: 20 working days
    remind: [5 working days before, 1 working day before]
    overdue: {at once: [clerk], 3 working days: [clerk]}
    verbs: {suspend: {by: clerk}, resume: {by: clerk}, extend: {by: clerk, clock: open, max: 30 working days}}
  closed: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: closed, form: visit}
"""
OPENED = datetime(2024, 9, 2, 2, tzinfo=UTC)


def process(flow: str = FLOW, form: str = FORM, version: int = 1) -> Process:
    """Return a version made ready."""
    loaded = load_files({"bureau.yaml": BUREAU, "check.yaml": flow, "visit.yaml": form})
    errors = [str(problem.message) for problem in loaded.problems if problem.severity == "error"]
    assert not errors, errors
    assert loaded.bureau is not None
    time_ = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    return Process(loaded.workflows["check"], loaded.bureau, time_, version)


def case(of: Process, **other: Any) -> Case:
    """Return a case opened on 2 September 2024, its clock running."""
    found = Case(
        id="check-1",
        workflow="check",
        version=of.version,
        state="open",
        rev=1,
        head=history()[0].hash,
        title="示例",
        section="north",
        opened_at=OPENED,
        entered_at=OPENED,
        clocks={"open": of.time.start(of.workflow.clocks["open"], OPENED)},
    )
    return replace(found, **other)


def history() -> list[Event]:
    """Return the history of the case."""
    return [follow("check-1", 1, OPENED, "anna", "started", {"state": "open"}, GENESIS)]


def day(text: str) -> datetime:
    """Return noon of a day in Shanghai."""
    return datetime.combine(date.fromisoformat(text), time(4), UTC)
