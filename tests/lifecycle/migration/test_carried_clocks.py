from __future__ import annotations

from dataclasses import replace

from migration_factories import FLOW, OPENED, case, day, history, process

from engine.calendars.load import load_calendar
from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import follow
from engine.lifecycle.migration.carried_clocks import carried_clocks
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.process import Process
from engine.worktime.arithmetic import working_days_between

OLD = process()
RULE = OLD.workflow.clocks["open"]


def carried(
    new: Process, one: Case, on: str, renames: RenameMap | None = None
) -> tuple[dict[str, RunningClock | None], list[str]]:
    """Return what changes when a case goes to `new` on a day."""
    clocks, problems = carried_clocks(
        OLD, new, one, "open", renames or RenameMap(), day(on), {"case": {}}, history()
    )
    return clocks, [str(problem) for problem in problems]


def test_what_did_not_change_is_left_alone() -> None:
    assert carried(process(version=2), case(OLD), "2024-09-10") == ({}, [])


def test_a_shorter_limit_counts_from_where_the_clock_began() -> None:
    new = process(FLOW.replace("20 working", "15 working"), version=2)
    (clock,) = carried(new, case(OLD), "2024-09-10")[0].values()
    assert clock is not None
    assert (clock.started_at, clock.counted_from) == (OPENED, OPENED)
    assert (case(OLD).clocks["open"].due_on.isoformat(), clock.due_on.isoformat()) == (
        "2024-09-30",
        "2024-09-24",
    )
    assert clock.next_at is not None
    assert clock.next_at > day("2024-09-10")


def test_extensions_are_kept_and_another_unit_keeps_the_case() -> None:
    extended = OLD.time.recounted(
        RULE, replace(case(OLD).clocks["open"], extended_by=5, times_extended=1), OPENED
    )
    one = case(OLD, clocks={"open": extended})
    (clock,) = carried(process(FLOW.replace("20 working", "15 working"), version=2), one, "2024-09-10")[
        0
    ].values()
    assert clock is not None
    assert (clock.extended_by, clock.due_on.isoformat()) == (5, "2024-09-30")
    clocks, problems = carried(
        process(
            FLOW.replace("20 working days", "30 days").replace(
                ", clock: open, max: 30 working days", ", clock: open, max: 30 days"
            ),
            version=2,
        ),
        one,
        "2024-09-10",
    )
    assert problems == ["时限“待查”已延期，新版的单位不同，须先办结或改写"]
    assert clocks == {"open": None}


def test_what_was_done_of_the_ladder_is_not_done_again() -> None:
    late = day("2024-10-09")
    running = case(OLD).clocks["open"]
    fired = OLD.time.arm(RULE, replace(running, step=4), late, 4)
    one = case(OLD, clocks={"open": fired})
    new = process(
        FLOW.replace("[5 working days before, 1 working day before]", "[1 working day before]"), version=2
    )
    (clock,) = carried(new, one, "2024-10-09")[0].values()
    assert clock is not None
    assert clock.step == 3
    assert clock.next_at == fired.next_at
    assert new.has_expired("open", clock)
    # A step the old ladder did not have is done although its day has passed.
    more = process(
        FLOW.replace("{at once: [clerk],", "{at once: [clerk], 1 working day: [clerk],"), version=2
    )
    (other,) = carried(more, one, "2024-10-09")[0].values()
    assert other is not None
    assert other.next_at is not None
    assert other.next_at <= late


def test_a_clock_that_is_new_began_when_the_case_came_there() -> None:
    bare = (
        FLOW.replace("    deadline: 20 working days\n", "")
        .replace(
            "    remind: [5 working days before, 1 working day before]\n    overdue: {at once: [clerk], 3 working days: [clerk]}\n",
            "",
        )
        .replace(", extend: {by: clerk, clock: open, max: 30 working days}", "")
    )
    without = process(bare)
    one = case(OLD, clocks={})
    clocks, problems = carried_clocks(
        without, process(version=2), one, "open", RenameMap(), day("2024-09-10"), {"case": {}}, history()
    )
    assert problems == []
    started = clocks["open"]
    assert started is not None
    assert (started.started_at, started.due_on.isoformat()) == (OPENED, "2024-09-30")
    # And one the new version does not have stops.
    assert carried_clocks(
        OLD, process(bare, version=2), case(OLD), "open", RenameMap(), OPENED, {"case": {}}, history()
    ) == ({"open": None}, [])


def test_a_clock_that_is_called_otherwise_goes_on() -> None:
    text = (
        FLOW.replace("    deadline: 20", "    #")
        .replace(
            "    remind: [5 working days before, 1 working day before]\n    overdue: {at once: [clerk], 3 working days: [clerk]}\n",
            "",
        )
        .replace("clock: open", "clock: whole")
        .replace(
            "transitions:",
            "clocks:\n  whole: {title: 全程, during: [open], deadline: 20 working days}\ntransitions:",
        )
    )
    clocks, _ = carried(
        process(text, version=2), case(OLD), "2024-09-10", RenameMap(clocks={"open": "whole"})
    )
    assert clocks["open"] is None
    assert clocks["whole"] is not None
    assert clocks["whole"].started_at == OPENED


PAUSING = FLOW.replace(
    "  closed: {title: 完, final: true}",
    "  waiting: {title: 等, for: clerk}\n  closed: {title: 完, final: true}",
).replace(
    "transitions:",
    "clocks:\n  due: {title: 总时限, during: [open, waiting], pauses_in: waiting, deadline: 40 working days, basis: 法}\n"
    "transitions:\n  - {do: wait, title: 等, from: open, to: waiting}\n  - {do: go_on, title: 续, from: waiting, to: open}",
)


def test_a_clock_that_is_new_gives_back_the_stays_that_would_have_paused_it() -> None:
    new = process(PAUSING, version=2)
    one = case(OLD)
    ways = [("2024-09-03", "waiting"), ("2024-09-06", "open")]
    events = history()
    for at, state in ways:
        last = events[-1]
        events.append(
            follow("check-1", last.seq + 1, day(at), "anna", "advanced", {"state": state}, last.hash)
        )
    at_once, _ = carried_clocks(
        OLD, new, one, "open", RenameMap(), day("2024-09-10"), {"case": {}}, history()
    )
    paused, _ = carried_clocks(OLD, new, one, "open", RenameMap(), day("2024-09-10"), {"case": {}}, events)
    assert at_once["due"] is not None
    assert paused["due"] is not None
    assert [(one.since, one.until) for one in paused["due"].pauses] == [
        (day("2024-09-03"), day("2024-09-06"))
    ]
    # From Tuesday to Friday: three working days.
    assert working_days_between(load_calendar([]), at_once["due"].due_on, paused["due"].due_on) == 3


def test_who_is_told_under_another_name_is_not_told_again() -> None:
    flow = FLOW.replace("at once: [clerk]", "at once: [helper]").replace(
        "fields:", "parties: {helper: 协办人}\nfields:", 1
    )
    old, new = process(flow), process(flow.replace("helper", "aide"), version=2)
    late = day("2024-10-09")
    rule = old.workflow.clocks["open"]
    fired = old.time.arm(rule, replace(case(old).clocks["open"], step=4), late, 4)
    one = case(old, clocks={"open": fired})
    renames = RenameMap(parties={"helper": "aide"})
    assert carried_clocks(old, new, one, "open", renames, late, {"case": {}}, history()) == ({}, [])
