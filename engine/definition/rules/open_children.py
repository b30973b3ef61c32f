"""A way to the end of a case on which child cases may still be open."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from engine.definition import graph
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.definition.symbols import WorkflowOutline
from engine.language import say
from engine.lifecycle.expressions.expression import Compare, ExpressionNode, Literal, Logic, Name, Not
from engine.lifecycle.model.workflow import LEAVE, Transition, Workflow
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps to a final state that says nothing of open children, where some may be open."""
    if subject.world.partial:
        return
    states, known = subject.workflow.states, subject.world.workflows
    before = _open_in(subject.workflow, known)
    for step, places in subject.steps:
        if step.target is None or not states[step.target].final or states[step.target].open_children:
            continue
        left = sorted(
            {child for source in step.sources for child in _after(known, step, before.get(source, set()))}
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


def check_children(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield each ``end`` that a child with open children of its own would stand in the way of, to a state that says nothing of them, and each child started by the step into a final state that refuses open ones."""
    yield from _started_at_the_end(subject)
    known = subject.read.world.workflows
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            child = subject.others.get(str(effect.arguments["end"])) if effect.kind == "end" else None
            end = child.states.get(effect.arguments["to"]) if child is not None else None
            if child is None or end is None or end.open_children == LEAVE:
                continue
            left = sorted(set[str]().union(*_open_in(child, known).values()))
            if left:
                yield RuleFinding(
                    subject.argument(number, effect, "end"),
                    say(
                        "终止“{child}”时，它的子件“{children}”可能还没有办结：那时这一步会被拒绝",
                        child=child.title,
                        children=left,
                    ),
                    say(
                        "请用 where（其中）只终止没有子件的，或在“{child}”的终点“{state}”写 open_children: leave（继续办理）",
                        child=child.title,
                        state=end.title,
                    ),
                    Severity.WARNING,
                )


def _started_at_the_end(subject: MeaningInput) -> Iterator[RuleFinding]:
    states = subject.workflow.states
    for number, step in enumerate(subject.workflow.transitions):
        end = states.get(step.target or "")
        if end is None or not end.final or end.open_children in (None, LEAVE):
            continue
        for effect in step.then:
            child = subject.others.get(str(effect.arguments.get("start", "")))
            if child is not None and effect.when is None and "each" not in effect.arguments:
                yield RuleFinding(
                    subject.argument(number, effect, "start"),
                    say(
                        "“{step}”走到终点“{state}”，那里须子件先办结，而这一步才启动“{child}”",
                        step=step.title,
                        state=end.title,
                        child=child.title,
                    ),
                    say("请在前面的一步启动它，并用 join（汇合）等它办结"),
                    Severity.WARNING,
                )


def _open_in(workflow: Workflow, known: Mapping[str, WorkflowOutline]) -> dict[str, set[str]]:
    """Return state -> workflows whose child cases may be open there."""
    found: dict[str, set[str]] = {}
    leaving = graph.leaving(workflow)
    waiting = deque(workflow.states)
    while waiting:
        source = waiting.popleft()
        for _, step in leaving[source]:
            after = _after(known, step, found.get(source, set()))
            target = found.setdefault(step.target or source, set())
            if not after <= target:
                target |= after
                waiting.append(step.target or source)
    return found


def _after(known: Mapping[str, WorkflowOutline], step: Transition, before: set[str]) -> set[str]:
    """Return whose children may be open after a step, of those that may be before it."""
    left = before - _closed(known, step)
    ends = [effect for effect in step.then if effect.kind == "end" and effect.when is None]
    for child in {effect.arguments["end"] for effect in ends}:
        chosen = [effect.arguments.get("where") for effect in ends if effect.arguments["end"] == child]
        if None in chosen or _all_of_them([one.expression.node for one in chosen if one is not None]):
            left.discard(child)
    started = {effect.arguments["start"] for effect in step.then if effect.kind == "start"}
    return left | (started & known.keys())


def _all_of_them(chosen: list[ExpressionNode]) -> bool:
    """Tell whether of some conditions one is the opposite of another: each child is chosen by one of the two."""
    return any(Not(one) in chosen or _otherwise(one) in chosen for one in chosen)


def _otherwise(node: ExpressionNode) -> ExpressionNode | None:
    """Return ``it.state != 'a'`` for ``it.state == 'a'``: a child is always in a state."""
    if isinstance(node, Compare) and node.op == "==" and node.left == Name(("it", "state")):
        return Compare(node.left, "!=", node.right)
    return None


def _closed(known: Mapping[str, WorkflowOutline], step: Transition) -> set[str]:
    """Return the workflows none of whose children is open when the step is taken."""
    found = set()
    if step.join is not None:
        outline = known.get(step.join.workflow)
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
    meaning=check_children,
    blocks_graph=False,
)
