"""A reminder that would be due before the deadline even begins."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.worktime.periods import Period, PeriodUnit
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the reminders longer than their own deadline, where the units can be compared."""
    for clock, reminder, place in subject.reminders:
        limit = subject.workflow.clocks[clock].limit
        if not isinstance(limit, Period):
            continue
        before = reminder.before
        too_early = graph.hours(before) > graph.hours(limit) and _alike(before, limit)
        if before.unit is PeriodUnit.WORKING_DAYS and limit.unit is PeriodUnit.DAYS:
            # Five working days take a week.
            too_early = before.count * 7 > limit.count * 5
        if before.unit is PeriodUnit.DAYS and limit.unit is PeriodUnit.WORKING_DAYS:
            too_early = before.count * 5 > limit.count * 7
        if too_early:
            yield RuleFinding(
                place,
                say("提醒早于时限“{clock}”的起点，不会发出", clock=clock),
                say("提醒的提前量不要超过时限本身"),
            )


def _alike(first: Period, second: Period) -> bool:
    """Working days and office hours stretch over holidays, so they compare only with themselves."""
    stretching = {PeriodUnit.WORKING_DAYS, PeriodUnit.OFFICE_HOURS}
    return first.unit is second.unit or not stretching & {first.unit, second.unit}


RULE = Rule(
    id="reminder-later-than-deadline",
    severity=Severity.WARNING,
    text=say("提醒不早于时限的起点。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, deadline: 2 working days, remind: 5 working days before}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days, remind: 2 working days before}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
