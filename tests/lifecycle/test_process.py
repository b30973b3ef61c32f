"""What is worked out once of a definition: steps by kind, clocks by move, names by step."""

from __future__ import annotations

import pytest
from walk_factories import HOURS, TIME, ZONE, process_of, shanghai, shown

from engine.calendars.load import load_calendar
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.process import AFTER, Process

FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {team: 检查组}
fields:
  - found_on: {title: 发现日, type: date}
states:
  open: {title: 待检查, for: team}
  fixing: {title: 待整改, for: team}
  waiting: {title: 等待}
  done: {title: 办结, final: true, open_children: leave}
clocks:
  report_due: {title: 报告时限, during: [open, fixing], deadline: 3 days after visit_due}
  visit_due:
    title: 检查时限
    during: [open, fixing]
    pauses_in: fixing
    deadline: 10 days
  answer_due:
    title: 答复时限
    during: [open, fixing]
    starts_on: ask
    stops_on: answer
    deadline: 5 days
    since: case.found_on
transitions:
  - {do: ask, title: 询问, from: open}
  - {do: answer, title: 答复, from: open}
  - {do: fix, title: 责令整改, from: open, to: fixing}
  - do: close
    title: 办结
    from: [open, fixing]
    to: done
    form: sheet
    when: clocks.visit_due.late
    require: [{that: "actor.id != 'x'", else: 无}]
  - do: close
    title: 交出
    from: open
    to: waiting
    form: sheet
    then: [{start: visit}]
  - {do: go_on, title: 继续, from: waiting, to: done, automatic: true}
  - {do: joined, title: 齐, from: waiting, to: done, join: {workflow: visit, reached: done}}
  - {do: lapse, title: 到期, from: waiting, to: done, after: 2 days}
"""
SHEET = """
form: sheet
title: 记录
fields:
  - n: {title: 数量, type: integer, when: subject.name != '', optional: true}
"""
PROCESS = process_of(FLOW, SHEET)


def ids(state: str) -> list[str]:
    return list(PROCESS.steps(state))


def test_steps_by_state_and_by_who_takes_them() -> None:
    assert ids("open") == ["ask", "answer", "fix", "close"]
    assert [t.title for t in PROCESS.steps("open")["close"]] == ["办结", "交出"]
    assert [t.title for t in PROCESS.steps("fixing")["close"]] == ["办结"]
    assert list(PROCESS.manual_steps("open")) == ids("open")
    assert ids("waiting") == ["go_on", "joined", "lapse"]
    assert list(PROCESS.manual_steps("waiting")) == []
    assert PROCESS.automatic_steps("waiting") == ("go_on", "joined")
    assert [t.id for t in PROCESS.timed_steps("waiting")] == ["lapse"]
    assert (PROCESS.automatic_steps("open"), PROCESS.timed_steps("open"), ids("done")) == ((), (), [])


def test_parts_are_found_by_their_ids() -> None:
    assert PROCESS.state("fixing").title == "待整改"
    assert PROCESS.form("sheet").title == "记录"
    with pytest.raises(KeyError):
        PROCESS.state("missing")


@pytest.mark.parametrize(
    ("before", "after", "step", "starts", "stops"),
    [
        (None, "open", None, ["visit_due", "report_due"], []),
        ("open", "open", "ask", ["answer_due"], []),
        ("open", "open", "answer", [], ["answer_due"]),
        ("open", "fixing", "fix", [], []),
        ("fixing", "done", "close", [], ["visit_due", "answer_due", "report_due"]),
        ("waiting", "done", "go_on", [], []),
    ],
)
def test_clocks_start_and_stop_by_state_and_by_step(
    before: str | None, after: str, step: str | None, starts: list[str], stops: list[str]
) -> None:
    found = PROCESS.clocks_moved(before, after, step)
    assert [sorted(clock.id for clock in part) for part in found] == [sorted(starts), sorted(stops)]
    assert PROCESS.clocks_moved(before, after, step) is found


def test_a_clock_counted_from_another_comes_behind_it_and_stands_still_with_it() -> None:
    names = [clock.id for clock in PROCESS.clocks]
    assert names.index("visit_due") < names.index("report_due")
    assert [clock.id for clock in PROCESS.beside] == ["report_due"]
    assert [PROCESS.is_paused(name, "fixing") for name in ("visit_due", "report_due", "answer_due")] == [
        True, True, False,
    ]  # fmt: skip
    assert not PROCESS.is_paused("visit_due", "open")
    assert PROCESS.with_those_beside(["visit_due"]) == ("visit_due", "report_due")
    assert PROCESS.with_those_beside(["answer_due"]) == ("answer_due",)


def test_every_clock_is_at_rest_before_it_runs() -> None:
    assert set(PROCESS.clocks_at_rest) == {"visit_due", "report_due", "answer_due"}
    assert PROCESS.clocks_at_rest["visit_due"] == {"running": False, "due_on": None, "late": False}


def test_the_names_a_step_looks_at_with_its_form_and_the_clocks() -> None:
    assert PROCESS.names_used("open", "close") == {"clocks", "actor", "subject", "case"}
    # Clocks may start with any step, so what they are counted from is always among the names.
    assert PROCESS.names_used("open", "ask") == {"case"}
    assert PROCESS.names_used("open", "missing") == {"case"}
    assert PROCESS.root_names == {"clocks", "actor", "subject", "case"}


def test_when_a_timed_step_comes_due() -> None:
    ((name, at, provisional),) = PROCESS.timed_starts("waiting", shanghai("2024-09-02"))
    assert (name, shown(at), provisional) == (AFTER + "lapse", "2024-09-05 00:00", False)
    assert PROCESS.timed_starts("open", shanghai("2024-09-02")) == []


def test_what_parties_and_roles_are_called() -> None:
    assert [PROCESS.title_of(name) for name in ("team", "chief", "guest")] == [
        "检查组",
        "股室负责人",
        "guest",
    ]


def test_the_same_definition_by_another_calendar() -> None:
    closed = load_calendar([]).with_closure(shanghai("2024-09-03").date(), "停电")
    other = PROCESS.with_time(DeadlineCalculator(closed, ZONE, TIME.notify_at, HOURS))
    assert isinstance(other, Process)
    assert (other.workflow, other.bureau, other.version) == (PROCESS.workflow, PROCESS.bureau, 1)
    assert other.time.calendar == closed != PROCESS.time.calendar


@pytest.mark.parametrize(
    ("reading", "daily"),
    [
        ("when: case.found_on == '2024-01-01'", False),
        ("when: subject.name == 'x'", False),
        ("when: today >= '2024-01-01'", True),
        ("when: clocks.visit_due.late", True),
        ("when: length(team) > 1", True),
        ("require: [{that: \"today >= '2024-01-01'\", else: 未到}]", True),
        ("require: [{that: \"case.title != ''\", else: 无}]", False),
    ],
)
def test_automatic_steps_are_asked_each_day_where_what_they_read_changes_outside_of_the_case(
    reading: str, daily: bool
) -> None:
    step = "to: done, automatic: true}"
    process = process_of(FLOW.replace(step, f"to: done, automatic: true, {reading}}}"), SHEET)
    assert process.is_daily("waiting") is daily
