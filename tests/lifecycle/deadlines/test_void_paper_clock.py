"""The term for a paper in the place of a void one: of what length, before whom, in which processes."""

from __future__ import annotations

from dataclasses import replace

from walk_factories import process_of

from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER, with_void_paper_clock
from engine.lifecycle.model.period_mark import PeriodMark
from engine.lifecycle.model.untouched import Untouched
from engine.worktime.periods import Period, PeriodUnit

FORM = """
    form: sent
    title: 送达
    fields:
      - on: {title: 送达日期, type: date}
    """
PROCESS = """
    workflow: letters
    title: 发函
    about: none
    initial: sending
    start: {by: clerk}
    parties: {writers: 经办人}
    states:
      sending: {title: 待送达, for: clerk}
      waiting: {title: 待答复, for: clerk}
      closed: {title: 已办结, final: true}
    transitions:
      - {do: send, title: 送达, from: sending, to: waiting, form: sent, then: [THEN]}
      - {do: close, title: 办结, from: waiting, to: closed}
    """
SERVES = PROCESS.replace("THEN", "{paper: letter, becomes: served, on: = form.on}")
LENGTH = Period(4, PeriodUnit.WORKING_DAYS)


def test_it_is_as_long_as_a_task_may_lie_and_goes_up_the_same_roles() -> None:
    process = process_of(SERVES, FORM)
    roles = tuple(process.bureau.roles)
    bureau = replace(process.bureau, untouched=Untouched(LENGTH, (*roles, "nobody")))
    bare = replace(process.workflow, clocks={})
    clock = with_void_paper_clock(bare, bureau).clocks[VOID_PAPER]
    assert (clock.limit, clock.mark) == (LENGTH, PeriodMark.SUGGESTED)
    assert clock.during == {"sending", "waiting"}
    (late,) = clock.overdue
    assert (late.notify, late.escalation_chain, late.every) == (("writers",), roles, LENGTH)
    # No step starts it, and it is put beside the others once.
    assert clock.starts_on == (VOID_PAPER,)
    again = with_void_paper_clock(bare, bureau)
    assert with_void_paper_clock(again, bureau) is again


def test_a_process_that_serves_nothing_and_a_bureau_that_names_no_time_have_none() -> None:
    process = process_of(PROCESS.replace("THEN", "{render: letter}"), FORM)
    bureau = replace(process.bureau, untouched=Untouched(LENGTH, ()))
    assert VOID_PAPER not in with_void_paper_clock(process.workflow, bureau).clocks
    serving = process_of(SERVES, FORM)
    bare = replace(serving.workflow, clocks={})
    assert VOID_PAPER not in with_void_paper_clock(bare, replace(bureau, untouched=None)).clocks
