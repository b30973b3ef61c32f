"""Child cases nobody waits for: their parent ends while they are open. And a wait that is over before it began."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.workflow import Workflow
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the children that are started and never looked at again, and joins that the first state of a child fulfils."""
    workflow = subject.workflow
    awaited = {step.join.workflow for step in workflow.transitions if step.join is not None}
    awaited |= set(_looked_at(workflow)) | _ended(workflow)
    for number, step in enumerate(workflow.transitions):
        for effect in step.then:
            # A start by the step that ends the case hands the matter over for good.
            ends = step.target is not None and workflow.states[step.target].final
            if (
                effect.kind == "start"
                and not ends
                and effect.arguments["start"] not in awaited | {workflow.id}
            ):
                child = subject.others.get(str(effect.arguments["start"]))
                yield RuleFinding(
                    subject.argument(number, effect, "start"),
                    say(
                        "启动了“{child}”，却没有哪一步等它办完：本件可能先办结",
                        child=child.title if child else effect.arguments["start"],
                    ),
                    say(
                        "请写 join: {{workflow: {child}}}，或在条件里看 children.{child}.open",
                        child=effect.arguments["start"],
                    ),
                )
        child = subject.others.get(step.join.workflow) if step.join is not None else None
        if step.join is not None and child is not None and child.initial in step.join.states:
            yield RuleFinding(
                subject.key(number, "join"),
                say(
                    "“{step}”等的是“{child}”的第一个环节“{state}”，刚启动就算到了，等于没有等",
                    step=step.title,
                    child=child.title,
                    state=child.states[child.initial].title,
                ),
                say("请在 reached（到达）里写办完的环节"),
            )


def _looked_at(workflow: Workflow) -> Iterator[str]:
    """Yield the children a condition looks at. A warning counts where it asks how far they are, not what they answered."""
    for step in workflow.transitions:
        for condition in step.conditions:
            yield from (path[1] for path in _of_children(condition.expression))
        for requirement in step.warn:
            expression = requirement.that.expression
            how_far = ("it", "state") in expression.names()
            yield from (path[1] for path in _of_children(expression) if how_far or path[2:] != ("each",))


def _ended(workflow: Workflow) -> frozenset[str]:
    """Return the children that whatever step ends the case ends with it, all of them."""
    closing = [
        {
            str(effect.arguments["end"])
            for effect in step.then
            if effect.kind == "end" and effect.when is None and "where" not in effect.arguments
        }
        for step in workflow.transitions
        if step.target is not None and workflow.states[step.target].final
    ]
    return frozenset(closing[0]).intersection(*closing) if closing else frozenset()


def _of_children(expression: Expression) -> list[tuple[str, ...]]:
    return [path for path in expression.names() if path[0] == "children" and len(path) > 1]


RULE = Rule(
    id="child-not-awaited",
    severity=Severity.WARNING,
    text=say("启动的子案件要有一步等它，等的是它办完的环节。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中, for: clerk}
  done: {title: 办结, final, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final, open_children: leave}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
    meaning=check,
    blocks_graph=False,
)
