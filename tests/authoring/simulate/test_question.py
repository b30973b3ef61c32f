"""What a search for answers rests on, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from walk_factories import ANNA, BELA, Walk, process_of

from engine.authoring.simulate.answers import Setting
from engine.authoring.simulate.question import ReadsOfSteps, question_of
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

WORKFLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - agreed_on: {title: 约定日期, type: date}
  - remark: {title: 备注}
states:
  open: {title: 待检查, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: seen, title: 看过, from: open, to: done, form: looked}
  - do: grant
    title: 许可
    from: open
    to: done
    form: grant
    require: [{that: form.day >= case.agreed_on, else: 早于约定}, {that: forms.looked.found == false, else: 有问题}]
"""
LOOKED = """
form: looked
title: 查看
fields:
  - found: {title: 有问题, type: boolean}
  - day: {title: 日期, type: date}
  - colour: {title: 颜色}
"""
GRANT = "form: grant\ntitle: 许可\nfields:\n  - day: {title: 日期, type: date}\n"
PROCESS = process_of(WORKFLOW, LOOKED, GRANT)
TO_THE_SECOND = process_of(WORKFLOW, LOOKED, GRANT + "  - at: {title: 时刻, type: datetime}\n")
LOOKED_AT: dict[str, Any] = {"found": True, "day": "2024-09-01", "colour": "红"}


def question(
    *, process: Process = PROCESS, actor: Actor = ANNA, minutes: int = 0, settled: Any = None, **changed: Any
) -> str:
    """Return what the search for answers to ``grant`` rests on, in a case that is changed so."""
    walk = Walk("", process=process)
    case: Case = replace(
        walk.case,
        **{"fields": {"agreed_on": "2024-09-02", "remark": "甲"}, "forms": {"looked": LOOKED_AT}, **changed},
    )
    now = walk.now + timedelta(minutes=minutes)
    setting = Setting(make_scope(process, case, actor, now, {}), now, ("anna", "bela"), settled or {})
    reads = ReadsOfSteps().of(process, "open", "grant", ())
    return question_of(process, case, Advance(actor=actor, step="grant"), setting, (), now, reads)


@pytest.mark.parametrize(
    "changed",
    [
        {"fields": {"agreed_on": "2024-09-02", "remark": "乙"}},
        {"forms": {"looked": {**LOOKED_AT, "colour": "蓝"}}},
        {"rev": 7, "head": "f" * 64},
        {"minutes": 1},
    ],
)
def test_what_the_step_does_not_look_at_makes_no_other_question(changed: dict[str, Any]) -> None:
    assert question(**changed) == question()


@pytest.mark.parametrize(
    "changed",
    [
        # A condition of the step names it.
        {"fields": {"agreed_on": "2024-09-03", "remark": "甲"}},
        {"fields": {"remark": "甲"}},
        {"forms": {"looked": {**LOOKED_AT, "found": False}}},
        {"forms": {}},
        # A question of its form is called so, and a guess may take the answer over.
        {"forms": {"looked": {**LOOKED_AT, "day": "2024-09-04"}}},
        {"forms": {"looked": LOOKED_AT, "other": {"day": "2024-09-05"}}},
        {"actor": BELA},
        {"minutes": 60 * 24},
        {"settled": {"day": "2024-09-06"}},
        {"assignee": "bela"},
        {"subject": {"id": "another"}},
        {"section": "elsewhere"},
        {"branches": {"a": {"by": "bela"}}},
    ],
)
def test_what_the_step_looks_at_makes_another_question(changed: dict[str, Any]) -> None:
    assert question(**changed) != question()


def test_the_time_of_day_counts_where_an_answer_is_an_instant() -> None:
    assert question(process=TO_THE_SECOND, minutes=1) != question(process=TO_THE_SECOND)


def test_a_step_that_looks_at_all_facts_rests_on_all_of_them() -> None:
    process = process_of(
        WORKFLOW.replace("forms.looked.found == false", "filled(forms.looked)"), LOOKED, GRANT
    )
    other = {"looked": {**LOOKED_AT, "colour": "蓝"}}
    assert question(process=process, forms=other) != question(process=process)


def test_what_a_step_may_look_at_is_worked_out_once() -> None:
    reads = ReadsOfSteps()
    assert reads.of(PROCESS, "open", "grant", ()) is reads.of(PROCESS, "open", "grant", ())
