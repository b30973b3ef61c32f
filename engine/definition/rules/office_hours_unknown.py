"""Office hours are counted, but the bureau does not say what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.worktime.periods import Beside, Period, PeriodUnit
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the places where office hours are counted in a bureau that has none."""
    bureau = subject.world.bureau
    if bureau is None or bureau.office_hours:
        return
    for place in _places(subject):
        yield RuleFinding(
            place,
            say("按办公小时计，而单位没有写办公时间"),
            say(
                '请在单位文件里写 office_hours（办公时间），如 office_hours: {hours: ["09:00-12:00", "13:30-17:30"]}'
            ),
        )


def _places(subject: RuleInput) -> Iterator[Node]:
    workflow = subject.workflow
    for name, clock in workflow.clocks.items():
        lengths = [limit.length for limit in clock.limits]
        others = [reminder.before for reminder in clock.remind]
        others += [period for step in clock.overdue for period in (step.after, step.every) if period]
        if any(_counts(length) for length in (*lengths, *others)):
            yield subject.clocks[name]
    for step, keys in subject.steps:
        if _counts(step.after):
            yield keys["after"]
    for name, state in workflow.states.items():
        if any(_counts(verb.most) for verb in state.verbs.values()):
            yield subject.states[name]


def _counts(length: Any) -> bool:
    period = length.period if isinstance(length, Beside) else length
    return isinstance(period, Period) and period.unit is PeriodUnit.OFFICE_HOURS


RULE = Rule(
    id="office-hours-unknown",
    severity=Severity.ERROR,
    text=say("按办公小时计的时限，须由单位文件写明办公时间。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, deadline: 4 office hours}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, deadline: 4 hours}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
