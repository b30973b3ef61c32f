"""A wait for child cases that nobody starts, or a look at them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the joins over workflows this one never starts, and what looks at child cases of such a workflow."""
    for step, places in subject.steps:
        if step.join is not None and step.join.workflow not in subject.started:
            yield RuleFinding(
                places["join"],
                say("本流程没有启动“{workflow}”，等不到它办完", workflow=step.join.workflow),
                say("请在某个办理的 then（然后）里写 start: {workflow}", workflow=step.join.workflow),
            )
    seen: set[tuple[int, str]] = set()
    for expression, place in subject.written.values():
        if not isinstance(expression, Expression):
            continue
        for path in expression.names():
            if path[0] != "children" or len(path) < 2 or path[1] in subject.started:
                continue
            if (place.line, path[1]) not in seen:
                seen.add((place.line, path[1]))
                yield RuleFinding(
                    place,
                    say("本流程没有启动“{workflow}”，这里看不到它的子件", workflow=path[1]),
                    say("请在某个办理的 then（然后）里写 start: {workflow}", workflow=path[1]),
                )


RULE = Rule(
    id="join-never-complete",
    severity=Severity.ERROR,
    text=say("等待的、条件里看的子流程须由本流程启动。"),
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
