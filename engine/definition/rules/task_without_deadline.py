"""A state that is somebody's task and has neither a clock nor a reason for having none."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the tasks without a deadline and without a reason, and reasons where a clock runs."""
    workflow = subject.workflow
    timed = {
        state
        for clock in workflow.clocks.values()
        for state in clock.during
        if state not in clock.pauses_in and not clock.starts_on
    }
    for name, place in subject.states.items():
        state = workflow.states[name]
        if state.no_deadline is not None and (name in timed or not state.audience or state.final):
            yield RuleFinding(
                place,
                say("环节“{name}”有时限，又写了“不设时限”（no deadline）", name=name)
                if name in timed
                else say("环节“{name}”不是谁的待办，不必写“不设时限”（no deadline）", name=name),
                say("请删去“不设时限”（no deadline）"),
                Severity.ERROR,
            )
        elif state.audience and not state.final and name not in timed and state.no_deadline is None:
            yield RuleFinding(
                place,
                say("环节“{name}”是待办，没有时限：没有人会得到提醒，也不会逾期", name=name),
                say(
                    "请写 deadline（时限），如 {example}；确实不设的写明理由，如 no deadline: …（不设时限: …）",
                    example="suggested 5 working days",
                ),
            )


RULE = Rule(
    id="task-without-deadline",
    severity=Severity.ADVICE,
    text=say("待办要有时限，或者写明为什么不设时限。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, no deadline: 示例流程，何时办结由经办人定}
  done: {title: 办结, final}
""",
    check=check,
    blocks_graph=False,
)
