"""The term in which a paper that was made void after its service is made and served anew, or its case ended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.language import SOURCE_LANGUAGE, say
from engine.lifecycle.model.deadline import ClockRule, Reminder
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.period_mark import PeriodMark
from engine.worktime.periods import Period, PeriodUnit

if TYPE_CHECKING:
    from engine.lifecycle.model.bureau import Bureau
    from engine.lifecycle.model.workflow import Workflow

#: The clock that runs while nothing is served in the place of a void paper.
VOID_PAPER = "void:paper"


def with_void_paper_clock(workflow: Workflow, bureau: Bureau) -> Workflow:
    """Return a process with that clock beside its own, where it serves papers and the bureau says how long a task may lie.

    It is as long as a task may lie untouched (``untouched:``), a suggestion of the bureau, and goes up the same roles.
    No step starts it: a paper that is made void does.
    """
    rule = bureau.untouched
    if rule is None or VOID_PAPER in workflow.clocks or not _serves(workflow):
        return workflow
    chain = tuple(role for role in rule.escalate if role in bureau.roles)
    late = OverdueStep(
        after=Period(0, PeriodUnit.WORKING_DAYS),
        notify=tuple(workflow.parties),
        escalation_chain=chain,
        every=rule.after,
    )
    clock = ClockRule(
        id=VOID_PAPER,
        title=say("重新制作、送达已作废的文书的期限").render(SOURCE_LANGUAGE),
        during=frozenset(state.id for state in workflow.states.values() if not state.final),
        limit=rule.after,
        mark=PeriodMark.SUGGESTED,
        starts_on=(VOID_PAPER,),
        remind=(Reminder(Period(1, PeriodUnit.WORKING_DAYS)),),
        overdue=(late,),
    )
    clocks: Mapping[str, ClockRule] = {**workflow.clocks, VOID_PAPER: clock}
    return replace(workflow, clocks=clocks)


def _serves(workflow: Workflow) -> bool:
    return any(
        effect.kind == "paper" and "on" in effect.arguments
        for step in workflow.transitions
        for effect in step.then
    )
