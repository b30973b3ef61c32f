"""A new calendar year comes while cases are running: what moves is what was shown, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from bureau_factories import ZONE, Bureau, done, timekeeping, with_year

from engine.app.execution import recompute
from engine.worktime.calendar import Calendar

OpenBureau = Callable[..., Bureau]

WORKFLOW = """
workflow: notice
title: 送达
about: none
initial: open
start: {by: [clerk]}
verbs:
  suspend: {by: clerk, pauses: [reply]}
  resume: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 完, final: true}
clocks:
  reply:
    title: 答复时限
    during: [open]
    deadline: 12 working days
    remind: [5 working days before]
  other:
    title: 另一时限
    during: [open]
    deadline: 20 days
    remind: [5 working days before]
transitions:
  - {do: close, title: 办结, from: open, to: done}
  - {do: lapse, title: 到期办结, from: open, to: done, after: 15 working days}
"""


def day(bureau: Bureau, case: str, timer: str) -> date:
    return bureau.timers(case)[timer].astimezone(ZONE).date()


def adopt(bureau: Bureau, calendar: Calendar) -> list[recompute.MovedDeadline]:
    """Take a calendar up; what was shown before must be what then happens."""
    time = timekeeping(calendar)
    shown = bureau.moved_deadlines(time)
    moves = recompute.recount_by_pages(bureau.application, time, "system")
    assert moves == shown
    # Done again it changes nothing.
    assert recompute.recount_by_pages(bureau.application, time, "system") == []
    return moves


def test_timed_steps_move_with_the_year(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(WORKFLOW, at="2026-12-21")
    case = bureau.start("notice")
    before = day(bureau, case, "after:lapse")
    moves = adopt(bureau, with_year("2027-01-04", "2027-01-05", "2027-01-06"))
    after = day(bureau, case, "after:lapse")
    # Three working days less, so three working days later: over a weekend.
    assert (before, after) == (date(2027, 1, 12), date(2027, 1, 15))
    lapse = next(move for move in moves if move.clock == "after:lapse")
    assert (lapse.before, lapse.after, lapse.was_provisional, lapse.is_provisional) == (
        before,
        after,
        True,
        False,
    )
    bureau.until("2027-01-14")
    assert bureau.state(case) == "open"
    bureau.until("2027-01-18")
    assert bureau.state(case) == "done"
    assert bureau.kinds(case).count("recomputed") == 1


def test_a_reminder_moves_although_the_due_day_stays(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(WORKFLOW, at="2026-12-21")
    case = bureau.start("notice")
    due = bureau.case(case).clocks["other"].due_on
    assert due == date(2027, 1, 10)
    before = day(bureau, case, "other")
    moves = adopt(bureau, with_year("2027-01-06", "2027-01-07"))
    assert bureau.case(case).clocks["other"].due_on == due
    assert day(bureau, case, "other") < before
    assert any(move.clock == "other" and move.before == move.after for move in moves)


def test_a_clock_that_stands_still_stays_still(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(WORKFLOW, at="2026-12-21")
    case = bureau.start("notice")
    bureau.at("2026-12-22")
    done(bureau.application.suspend(case, "anna", reason="等材料"))
    assert set(bureau.timers(case)) == {"other"}
    adopt(bureau, with_year("2027-01-04"))
    assert set(bureau.timers(case)) == {"other"}
    bureau.until("2027-03-01")
    told = [event.body["clocks"] for event in bureau.events(case) if event.kind in ("reminded", "overdue")]
    assert all("reply" not in clocks for clocks in told)
    done(bureau.application.resume(case, "anna"))
    assert set(bureau.timers(case)) >= {"reply", "after:lapse"}


def test_two_suspensions_are_both_given_back_to_a_timed_step(bureau_at: OpenBureau) -> None:
    bureau = bureau_at(WORKFLOW, at="2024-09-02")
    case = bureau.start("notice")
    first = bureau.timers(case)["after:lapse"]
    for begin, end in (("2024-09-03", "2024-09-05"), ("2024-09-09", "2024-09-12")):
        bureau.at(begin)
        done(bureau.application.suspend(case, "anna", reason="等材料"))
        bureau.at(end)
        done(bureau.application.resume(case, "anna"))
    # Five days in all stand between the old count and the new.
    assert bureau.case(case).held.days == 5
    expected = bureau.application.definitions.time.deadline(
        bureau.case(case).entered_at + bureau.case(case).held,
        bureau.application.definitions.latest(_unit(bureau), "notice").timed_steps("open")[0].after,  # type: ignore[union-attr,arg-type]
    )
    assert bureau.timers(case)["after:lapse"] == expected.due_at > first
    assert bureau.findings() == []


def _unit(bureau: Bureau) -> object:
    with bureau.look() as transaction:
        return transaction


@pytest.mark.parametrize("begun", ["2026-11-30", "2026-12-15", "2026-12-30"])
@pytest.mark.parametrize(
    "holidays", [("2027-01-01",), ("2027-01-18", "2027-01-19"), ("2027-02-01..2027-02-10",)]
)
def test_exactly_the_deadlines_the_year_touches_move(
    bureau_at: OpenBureau, begun: str, holidays: tuple[str, ...]
) -> None:
    bureau = bureau_at(WORKFLOW, at=begun)
    case = bureau.start("notice")
    before = {name: clock.due_on for name, clock in bureau.case(case).clocks.items()}
    calendar = with_year(*holidays)
    moves = adopt(bureau, calendar)
    fresh = Bureau(WORKFLOW, at=begun, calendar=calendar)
    other = fresh.start("notice")
    # Counted again is what would have been counted had the year been known.
    assert bureau.case(case).clocks == fresh.case(other).clocks
    assert bureau.timers(case) == fresh.timers(other)
    moved = {
        move.clock for move in moves if move.before != move.after and not move.clock.startswith("after:")
    }
    assert moved == {name for name, clock in bureau.case(case).clocks.items() if clock.due_on != before[name]}
