"""A deadline that is marked neither as suggested nor as local, and names no article."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.period_mark import PeriodMark
from engine.worktime.periods import OnDay
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the statutory deadlines without a basis; a date that somebody named needs none."""
    for name, clock in subject.workflow.clocks.items():
        for number, limit in enumerate(clock.limits):
            if isinstance(limit.length, OnDay) or limit.mark is not PeriodMark.STATUTORY:
                continue
            if clock.basis_of(number) is None:
                yield RuleFinding(
                    subject.clocks[name],
                    say("时限“{clock}”没有标记，即为法定，但没有写依据", clock=name),
                    say(
                        "法定的请写 basis（依据）；建议值或本地规定的请写明，如 {example}",
                        example="suggested 5 working days",
                    ),
                )
                break


RULE = Rule(
    id="deadline-without-basis",
    severity=Severity.ADVICE,
    text=say("时限分清法定、建议值和本地规定：没有标记的即为法定，要写明依据。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, deadline: suggested 5 working days}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
