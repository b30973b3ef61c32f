"""Clocks that go on as if the case had never left their states: by hand, in days one can count."""

from __future__ import annotations

from dataclasses import replace

from walk_factories import ANNA, Walk, process_of, shanghai

from engine.lifecycle.case import Case, Pause, RunningClock
from engine.lifecycle.command import CasePath, Correction, LastStep
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.deadlines.resumed_clocks import ChangedClocks, clocks_put_back, kept_clocks
from engine.lifecycle.scope import make_scope
from engine.worktime.calendar import Calendar, Override

PROCESS = process_of(
    """
    workflow: answer
    title: 件
    about: none
    initial: told
    start: {by: clerk}
    fields: [clear: {title: 清楚, type: boolean}]
    verbs: [suspend: {by: clerk, pauses: [due]}, resume: {by: clerk}]
    states:
      told: {title: 待答复, for: clerk}
      asking: {title: 补问, for: clerk}
      away: {title: 待审, for: clerk}
      done: {title: 办结, final: true}
    clocks:
      due:
        title: 期限
        during: [told, asking]
        pauses_in: asking
        deadline: 10 working days
        not_later_than: [{deadline: 3 working days, when: case.clear}]
        basis: 某法 第一条
    transitions:
      - {do: ask, title: 补问, from: told, to: asking}
      - {do: answer, title: 答复, from: asking, to: told}
      - {do: send, title: 送审, from: [told, asking], to: away}
      - {do: back, title: 再办, from: away, to: told}
      - {do: close, title: 办结, from: told, to: done}
    """
)


def kept(case: Walk, to: str, passage: CasePath) -> RunningClock | None:
    """Return the clock as a return to a state that keeps the clocks leaves it; None: nothing becomes of it."""
    scope = make_scope(case.process, case.case, ANNA, case.now, {})
    changed = clocks_after(case.process, case.state, to, case.now, scope, running=case.case.clocks)
    return kept_clocks(case.process, case.case, to, changed, passage, scope, case.now).get("due")


def put_back(case: Walk, before: Case, now: Case | None = None, *corrected: Correction) -> ChangedClocks:
    """Return the clocks as taking the last step back leaves them."""
    last = LastStep(actor="anna", step="ask", title="补问", before=before, corrected=corrected)
    scope = make_scope(case.process, before, ANNA, case.now, {})
    return clocks_put_back(case.process, now or case.case, last, CasePath(), scope, case.now)


def asked(on: str = "2024-03-05") -> Walk:
    """Return a case begun on Friday 1 March 2024, due on the 15th, and paused by a question since then."""
    case = Walk("", process=PROCESS, at="2024-03-01").at(on)
    case.take("ask")
    return case


def test_a_clock_that_goes_on_gets_its_pause_back() -> None:
    case = asked().at("2024-03-11")
    found = kept(case, "told", CasePath(clocks=case.case.clocks))
    assert found is not None
    # Paused from Tuesday to Monday: four working days.
    assert (found.paused_at, found.due_on.isoformat()) == (None, "2024-03-21")


def test_a_clock_that_comes_to_a_state_which_pauses_it_is_paused() -> None:
    case = Walk("", process=PROCESS, at="2024-03-01").at("2024-03-06")
    found = kept(case, "asking", CasePath(clocks=case.case.clocks))
    assert found is not None
    assert (found.paused_at, found.next_at) == (case.now, None)


def test_a_clock_that_starts_again_ends_the_pause_it_was_stopped_in() -> None:
    case = asked()
    once = case.case.clocks
    case.at("2024-03-08").take("send")
    passage = CasePath(clocks=once, stopped={"due": case.now})
    case.at("2024-03-12")
    to_told, to_asking = kept(case, "told", passage), kept(case, "asking", passage)
    assert to_told is not None
    assert to_asking is not None
    # Tuesday to Friday are three working days; the time it was away counts.
    assert (to_told.due_on.isoformat(), to_told.paused_at) == ("2024-03-20", None)
    assert (to_asking.due_on.isoformat(), to_asking.paused_at) == ("2024-03-20", case.now)
    stopped = ("away", shanghai("2024-03-08 12:00"), shanghai("2024-03-12 09:00"))
    suspended = kept(case, "told", replace(passage, suspended=(stopped,)))
    assert suspended is not None
    assert suspended.due_on.isoformat() == "2024-03-22"


def test_a_step_that_is_taken_back_paused_nothing() -> None:
    before = Walk("", process=PROCESS, at="2024-03-01")
    case = asked().at("2024-03-08")
    found = put_back(case, before.case)["due"]
    assert found is not None
    assert (found.paused_at, found.pauses, found.due_on.isoformat()) == (None, (), "2024-03-15")
    later = replace(case.case.clocks["due"], extended_by=2, times_extended=1)
    extended = replace(case.case, clocks={"due": later})
    again = put_back(case, before.case, extended)["due"]
    assert again is not None
    # What was granted since then is not taken back.
    assert again.due_on.isoformat() == "2024-03-19"


def test_a_step_that_is_taken_back_ended_no_pause() -> None:
    case = asked()
    before = case.case
    case.at("2024-03-11").take("answer")
    found = put_back(case, before)["due"]
    assert found is not None
    assert (found.paused_at, found.next_at) == (before.clocks["due"].paused_at, None)


def test_a_question_that_ended_with_the_step_does_not_pause_again() -> None:
    case = Walk("", process=PROCESS, at="2024-03-01").at("2024-03-05")
    waiting = replace(case.case.clocks["due"], paused_at=case.now, next_at=None)
    before = replace(case.case, clocks={"due": waiting})
    case.case = before
    case.at("2024-03-07").take("ask")
    found = put_back(case, before)["due"]
    assert found is not None
    assert found.paused_at is None
    assert found.pauses == (Pause(since=shanghai("2024-03-05"), until=case.now),)


def test_a_calendar_that_changes_days_in_a_pause_does_not_move_what_lies_behind_it() -> None:
    case = asked().at("2024-03-11")
    case.take("answer")
    running = case.case.clocks["due"]
    assert running.due_on.isoformat() == "2024-03-21"
    saturday, wednesday = shanghai("2024-03-09").date(), shanghai("2024-03-06").date()
    for override in (Override(saturday, True, "x"), Override(wednesday, False, "x")):
        time = case.process.time.with_calendar(Calendar(overrides=(override,)))
        moved = time.recounted(case.process.workflow.clocks["due"], running, case.now)
        assert moved.due_on.isoformat() == "2024-03-21"


def test_a_clock_that_had_ended_has_ended_when_it_starts_again() -> None:
    case = Walk("", process=PROCESS, at="2024-03-01")
    case.until("2024-03-18 10:00")
    once = case.case.clocks
    assert case.process.has_expired("due", once["due"])
    case.take("send")
    found = kept(case, "told", CasePath(clocks=once, stopped={"due": case.now}))
    assert found is not None
    assert case.process.has_expired("due", found)
