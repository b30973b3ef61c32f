"""A wait for child cases that nobody starts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the joins over workflows this one never starts."""
    for step, places in subject.steps:
        if step.join is not None and step.join.workflow not in subject.started:
            yield RuleFinding(
                places["join"],
                say("本流程没有启动“{workflow}”，等不到它办完", workflow=step.join.workflow),
                say("请在某个办理的 then（然后）里写 start: {workflow}", workflow=step.join.workflow),
            )


RULE = Rule(
    id="join-never-complete",
    severity=Severity.ERROR,
    text=say("等待的子流程须由本流程启动。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    join: {workflow: follow_up}
""",
    right="""\
transitions:
  - {do: begin, title: 开始, from: open, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - do: finish
    title: 办结
    from: open
    to: done
    join: {workflow: follow_up}
""",
    check=check,
    blocks_graph=False,
)
