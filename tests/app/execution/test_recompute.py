from __future__ import annotations

from datetime import date

import pytest
from bureau_factories import CALENDAR, Bureau, timekeeping
from visit_bureau import visit_bureau

from engine.app.execution import recompute
from engine.app.execution.recompute import MovedDeadline, moved_deadlines, recount_all, recount_by_pages
from engine.calendars.yaml_year import read_year
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

TIMED = """
workflow: timed
title: 送达
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 完, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
  - {do: lapse, title: 到期办结, from: open, to: done, after: 5 working days}
"""


def anew() -> DeadlineCalculator:
    """Return the time of a year in which 2027-03-02 and 03 are holidays."""
    text = (
        "year: 2027\ntitle: 示例\nsource: 示例\nholidays: {示例假: [2027-03-02, 2027-03-03]}\nworkdays: []\n"
    )
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    return timekeeping(CALENDAR.with_year(data))


def running() -> tuple[Bureau, list[str]]:
    bureau = visit_bureau(TIMED).at("2027-03-01")
    return bureau, [bureau.start("plan"), bureau.start("plan"), bureau.start("timed"), bureau.start("visit")]


MOVED = [
    MovedDeadline(case, "示例件", "draft", date(2027, 3, 8), date(2027, 3, 10), True, False, False)
    for case in ("plan-1", "plan-2")
]


def test_what_would_move_is_shown_and_nothing_changes() -> None:
    bureau, cases = running()
    before = [bureau.case(case) for case in cases]
    with bureau.look() as transaction:
        moves = moved_deadlines(bureau.application, transaction, bureau.clock.now(), anew())
    assert [move for move in moves if move.clock == "draft"] == MOVED
    assert [(move.case, move.clock) for move in moves if move.case == "timed-1"] == [
        ("timed-1", "after:lapse")
    ]
    assert [bureau.case(case) for case in cases] == before
    assert MOVED[0].as_json() == {
        "case": "plan-1",
        "title": "示例件",
        "clock": "draft",
        "before": "2027-03-08",
        "after": "2027-03-10",
        "was_provisional": True,
        "provisional": False,
        "becomes_overdue": False,
    }


@pytest.mark.parametrize("page", [1, 3, 500])
def test_what_was_shown_is_what_moves(page: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recompute, "PAGE", page)
    bureau, cases = running()
    shown = bureau.moved_deadlines(anew())
    moved = recount_by_pages(bureau.application, anew(), "carl")
    assert moved == shown
    assert bureau.case("plan-1").clocks["draft"].due_on == date(2027, 3, 10)
    assert [bureau.kinds(case)[-1] for case in cases] == ["recomputed"] * 3 + ["started"]
    assert bureau.events("plan-1")[-1].actor == "carl"
    assert recount_by_pages(bureau.application, anew(), "carl") == []
    assert bureau.case(bureau.start("plan")).clocks["draft"].due_on == date(2027, 3, 10)
    assert bureau.findings() == []


def test_all_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recompute, "PAGE", 1)
    bureau, _ = running()
    with bureau.store.write() as transaction:
        moved = recount_all(bureau.application, transaction, bureau.clock.now(), anew(), "carl")
    assert [move for move in moved if move.clock == "draft"] == MOVED
    assert bureau.case("plan-2").clocks["draft"].due_on == date(2027, 3, 10)


def test_a_deadline_that_moves_is_read_as_it_was_written() -> None:
    move = MovedDeadline("c-1", "甲", "draft", date(2027, 3, 8), date(2027, 3, 10), True, False, True)
    assert MovedDeadline.from_json(move.as_json()) == move


REMINDED = """
workflow: reminded
title: 送达
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 10 days, remind: [3 working days before]}
  done: {title: 完, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: done}
"""


def test_a_deadline_whose_reminder_alone_falls_on_another_day_is_counted_again() -> None:
    text = "year: 2024\ntitle: 示例\nsource: 示例\nholidays: {示例假: [2024-09-11]}\nworkdays: []\n"
    data, problems = read_year("new.yaml", text.encode())
    assert data is not None, problems
    bureau = Bureau(REMINDED)
    case = bureau.start("reminded")
    before = bureau.case(case).clocks["open"]
    (move,) = bureau.moved_deadlines(timekeeping(CALENDAR.with_year(data)))
    assert (move.case, move.clock, move.before, move.after) == (case, "open", before.due_on, before.due_on)
    assert bureau.moved_deadlines(timekeeping()) == []


WAITS = """
workflow: waits
title: 等候
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 完, final: true}
clocks:
  due: {title: 期限, during: [open], deadline: 5 working days, basis: 某法 第一条}
transitions:
  - {do: close, title: 办结, from: open, to: done}
  - {do: late, title: 转办, from: open, to: done, automatic: true, when: "days_between(today, clocks.due.due_on) > 8"}
"""


def test_automatic_steps_are_asked_again_with_the_new_calendar_the_same_day() -> None:
    bureau = visit_bureau(WAITS).at("2027-03-01")
    case = bureau.start("waits")
    assert bureau.case(case).clocks["due"].due_on == date(2027, 3, 8)
    recount_by_pages(bureau.application, anew(), "system")
    bureau.sweep()
    assert bureau.case(case).state == "done"
    assert bureau.findings() == []
