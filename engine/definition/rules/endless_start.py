"""Cases that start further cases without anybody acting: the engine would never stop."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Expression, ListOf
from engine.lifecycle.model.workflow import Effect, Workflow
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the effects by which a new case leads, without a person, to another of the same workflow."""
    own = subject.workflow
    yield from _again_at_each_end(subject)
    started: dict[str, set[str]] | None = None
    for number, step in enumerate(own.transitions):
        for effect in step.then:
            if not _always_starts(effect):
                continue
            child = str(effect.arguments["start"])
            if not _taken_at_once(own, number):
                continue
            if started is None:
                started = {name: _started(other) for name, other in subject.others.items()}
            if child in started.get(own.id, ()) and graph.path(started, child, own.id) is not None:
                yield RuleFinding(
                    subject.argument(number, effect, "start"),
                    say("没有人办理就一件接一件地启动“{workflow}”，永远停不下来", workflow=child),
                    say("请写 when（当），或由人办理的一步来启动"),
                )


def _again_at_each_end(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the steps that start a case of their own workflow again and again: without them some end is not reached."""
    own = subject.workflow
    starting: dict[str, tuple[set[int], int, Effect]] = {}
    for number, step in enumerate(own.transitions):
        for effect in step.then:
            itself = effect.kind == "start" and str(effect.arguments["start"]) == own.id
            if itself and _always_starts(effect) and step.target is not None:
                starting.setdefault(step.id, (set(), number, effect))[0].add(number)
    if not starting:
        return
    ends = {name for name, state in own.states.items() if state.final}
    reached = ends & graph.reachable(graph.edges(own), own.initial)
    for numbers, number, effect in starting.values():
        left = ends & graph.reachable(graph.edges(own, numbers), own.initial)
        if reached - left and not _taken_at_once(own, number):
            yield RuleFinding(
                subject.argument(number, effect, "start"),
                say(
                    "走到“{end}”的每一件都要再启动一件“{workflow}”，一件接一件，没有完",
                    end=[own.states[name].title for name in sorted(reached - left)],
                    workflow=own.title,
                ),
                say("请写 when（当），或另写一步由人决定是否再启动"),
                Severity.WARNING,
            )


def _always_starts(effect: Effect) -> bool:
    """Tell whether an effect starts at least one case whenever it is carried out: none of rows there may be none of."""
    if effect.kind != "start" or effect.when is not None:
        return False
    each = effect.arguments.get("each")
    return each is None or (
        isinstance(each, Expression) and isinstance(each.node, ListOf) and bool(each.node.items)
    )


def _reached_at_once(workflow: Workflow) -> set[str]:
    leads: dict[str, set[str]] = {}
    for step in workflow.transitions:
        if step.automatic and step.target is not None:
            for source in step.sources:
                leads.setdefault(source, set()).add(step.target)
    return graph.reachable({name: leads.get(name, set()) for name in workflow.states}, workflow.initial)


def _taken_at_once(workflow: Workflow, number: int) -> bool:
    step = workflow.transitions[number]
    return step.automatic and bool(_reached_at_once(workflow) & set(step.sources))


def _started(workflow: Workflow) -> set[str]:
    reached = _reached_at_once(workflow)
    return {
        str(effect.arguments["start"])
        for step in workflow.transitions
        if step.automatic and reached & set(step.sources)
        for effect in step.then
        if _always_starts(effect)
    }


RULE = Rule(
    id="endless-start",
    severity=Severity.ERROR,
    text=say("一个案件不能没有人办理就一件接一件地启动同类案件。"),
    wrong="""\
states:
  open: {title: 待分}
  wait: {title: 待办, for: clerk}
  done: {title: 办结, final, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, to: wait, automatic, then: [{start: demo}]}
  - {do: finish, title: 办结, from: wait, to: done}
""",
    right="""\
states:
  open: {title: 待分, for: clerk}
  done: {title: 办结, final, open_children: leave}
transitions:
  - {do: split, title: 分办, from: open, then: [{start: demo}]}
  - {do: finish, title: 办结, from: open, to: done}
""",
    meaning=check,
    blocks_graph=False,
)
