"""A way to the end of a case on which child cases may still be open."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Compare, ExpressionNode, Literal, Logic, Name
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps to a final state that says nothing of open children, where some may be open."""
    if subject.world.partial:
        return
    states = subject.workflow.states
    before = _open_in(subject)
    for step, places in subject.steps:
        if step.target is None or not states[step.target].final or states[step.target].open_children:
            continue
        left = sorted(
            {child for source in step.sources for child in _after(subject, step, before.get(source, set()))}
        )
        if left:
            end = states[step.target].title
            yield RuleFinding(
                places.get("to", places["do"]),
                say(
                    "“{step}”走到终点“{state}”时，子件“{children}”可能还没有办结",
                    step=step.title,
                    state=end,
                    children=left,
                ),
                say(
                    "请先用 join（汇合）等它们办结，或在 then（然后）里写 end（终止），"
                    "或在终点写 open_children: refuse（须先办结）或 leave（继续办理）"
                ),
            )


def _open_in(subject: RuleInput) -> dict[str, set[str]]:
    """Return state -> workflows whose child cases may be open there."""
    found: dict[str, set[str]] = {}
    grown = True
    while grown:
        grown = False
        for step, _ in subject.steps:
            for source in step.sources:
                after = _after(subject, step, found.get(source, set()))
                target = found.setdefault(step.target or source, set())
                if not after <= target:
                    target |= after
                    grown = True
    return found


def _after(subject: RuleInput, step: Transition, before: set[str]) -> set[str]:
    """Return whose children may be open after a step, of those that may be before it."""
    left = before - _closed(subject, step)
    for effect in step.then:
        if effect.kind == "end" and effect.when is None and "where" not in effect.arguments:
            left.discard(effect.arguments["end"])
    started = {effect.arguments["start"] for effect in step.then if effect.kind == "start"}
    return left | (started & subject.world.workflows.keys())


def _closed(subject: RuleInput, step: Transition) -> set[str]:
    """Return the workflows none of whose children is open when the step is taken."""
    found = set()
    if step.join is not None:
        outline = subject.world.workflows.get(step.join.workflow)
        if outline is None or outline.broken or step.join.states <= outline.ends:
            found.add(step.join.workflow)
    for condition in step.conditions:
        node = condition.expression.node
        clauses = node.items if isinstance(node, Logic) and node.op == "and" else (node,)
        found |= {child for clause in clauses if (child := _none_open(clause)) is not None}
    return found


def _none_open(clause: ExpressionNode) -> str | None:
    """Return W where the clause is ``children.W.open == 0``."""
    if not isinstance(clause, Compare) or clause.op != "==" or clause.right != Literal(0):
        return None
    left = clause.left
    if isinstance(left, Name) and left.path[0] == "children" and left.path[2:] == ("open",):
        return left.path[1]
    return None


RULE = Rule(
    id="open-children",
    severity=Severity.ERROR,
    text=say("案件办结以前，子件要么都已办结，要么写明怎么办。"),
    wrong="""\
transitions:
  - {do: begin, title: 开始, from: open, then: [{start: follow_up}]}
  - {do: finish, title: 办结, from: open, to: done}
""",
    right="""\
transitions:
  - {do: begin, title: 开始, from: open, then: [{start: follow_up}]}
  - do: finish
    title: 办结
    from: open
    to: done
    then: [{end: follow_up, to: closed, because: 不再需要}]
""",
    check=check,
    blocks_graph=False,
)
