"""Clocks whose start was put right: by hand, in days one can count."""

from __future__ import annotations

from dataclasses import replace

from walk_factories import ANNA, Walk, process_of, shanghai

from engine.lifecycle.command import Correction
from engine.lifecycle.deadlines.corrected_clocks import counted_from_corrected, with_corrections
from engine.lifecycle.scope import make_scope

NOTE = "form: note\ntitle: 记录\nfields:\n  - on: {title: 日, type: date}\n"
PROCESS = process_of(
    """
    workflow: w
    title: 件
    about: none
    initial: open
    start: {by: clerk, form: note}
    fields: [told: {title: 告知, type: date}, urgent: {title: 急, type: boolean}]
    states:
      open: {title: 待办, for: clerk}
      done: {title: 完, final: true}
    clocks:
      due:
        title: 期限
        during: [open]
        deadline: 10 days
        since: forms.note.on
        not_later_than: [{deadline: 5 days, since: case.told, when: case.urgent, basis: 某法 第二条}]
        basis: 某法 第一条
    transitions:
      - {do: close, title: 完, from: open, to: done, then: [{set: {told: = today, urgent: true}}]}
    """,
    NOTE,
)
ANSWERS = {"on": "2024-09-02"}


def case(**facts: object) -> Walk:
    """Return a case counted from 2 September, due on the 12th."""
    return Walk("", process=PROCESS, at="2024-09-02", forms={"note": ANSWERS}, fields=facts)


def test_each_limit_is_counted_from_its_own_start() -> None:
    walk = case(told="2024-09-03", urgent=True)
    running, rule = walk.case.clocks["due"], PROCESS.workflow.clocks["due"]
    before = make_scope(PROCESS, walk.case, ANNA, walk.now, {})
    after = {
        **before,
        "forms": {"note": {"on": "2024-09-01"}},
        "case": {**before["case"], "told": "2024-09-05"},
    }
    found = counted_from_corrected(PROCESS, rule, running, before, after)
    assert (found.counted_from, found.others_from) == (
        shanghai("2024-09-01 12:00"),
        (shanghai("2024-09-05 12:00"),),
    )
    assert counted_from_corrected(PROCESS, rule, running, before, before) == running
    # A limit that does not hold is counted from what it says once it does.
    without = replace(running, left_out=(1,))
    assert counted_from_corrected(PROCESS, rule, without, before, after).others_from == running.others_from


def test_what_was_put_right_while_it_did_not_run_holds_when_it_runs_again() -> None:
    walk = case(told="2024-09-03", urgent=True)
    running, rule = walk.case.clocks["due"], PROCESS.workflow.clocks["due"]
    scope = make_scope(PROCESS, walk.case, ANNA, walk.now, {})
    twice = (
        Correction(form="note", before=ANSWERS, after={"on": "2024-08-30"}),
        Correction(
            form="note",
            before={"on": "2024-08-30"},
            after={"on": "2024-09-04"},
            facts_before={"told": "2024-09-03"},
            facts_after={"told": "2024-09-06"},
        ),
    )
    found = with_corrections(PROCESS, rule, running, twice, scope)
    assert (found.counted_from, found.others_from) == (
        shanghai("2024-09-04 12:00"),
        (shanghai("2024-09-06 12:00"),),
    )
    assert with_corrections(PROCESS, rule, running, (), scope) is running
