"""Steps of the engine, by time or at once, that lead round to where they began: they go on for ever."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.definition import graph
from engine.definition.meaning.names_read import facts_read
from engine.definition.meaning.ways import facts_set
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the circles with a step by time; those of automatic steps alone are another rule's."""
    edges: dict[str, set[str]] = {}
    for step, _ in subject.steps:
        if _by_itself(step):
            for source in step.sources:
                edges.setdefault(source, set()).add(step.target or source)
    circling = graph.on_circles(edges)
    by_people = {source for step, _ in subject.steps if not step.by_engine for source in step.sources}
    reported: set[frozenset[str]] = set()
    seen: set[tuple[str, str]] = set()
    for step, places in subject.steps:
        if not (step.after or step.on_expiry) or step.target is None:
            continue
        for source in step.sources:
            if source not in circling or (source, step.target) in seen:
                continue
            circle = graph.path(edges, step.target, source)
            if circle is None or frozenset(circle) in reported:
                continue
            if _counts(subject, [source, *circle]):
                continue
            reported.add(frozenset(circle))
            seen.update(pairwise([source, *circle]))
            people = not by_people.isdisjoint(circle)
            yield RuleFinding(
                places["do"],
                say("到时自动办理绕成了圈，没有人办就永远转下去：{states}", states=[source, *circle]),
                say("请让其中一步由人办理，或通往别处"),
                Severity.WARNING if people else None,
            )


def _counts(subject: RuleInput, states: list[str]) -> bool:
    """Tell whether a circle has a step that is taken only while a field allows it, which a step of the circle sets anew."""
    round_trip = set(pairwise(states))
    steps = [
        step
        for step, _ in subject.steps
        if _by_itself(step) and any((source, step.target or source) in round_trip for source in step.sources)
    ]
    written = {fact for step in steps for fact, _ in facts_set(step.then, subject.workflow, step.form)}
    return any(
        all(
            step.when is not None and facts_read([step.when.expression.node], subject.workflow) & written
            for step in found
        )
        for edge in round_trip
        if (found := [one for one in steps if edge[0] in one.sources and (one.target or edge[0]) == edge[1]])
    )


def _by_itself(step: Transition) -> bool:
    return bool(step.automatic or step.after or step.on_expiry)


RULE = Rule(
    id="engine-loop",
    severity=Severity.ERROR,
    text=say("到时自动办理的步骤不能互相抵消、绕成圈。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲}
  b: {title: 乙}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: begin, title: 开始, from: open, to: a}
  - {do: forth, title: 过去, from: a, to: b, after: 1 days}
  - {do: back, title: 回来, from: b, to: a, after: 1 days}
  - {do: close, title: 办结, from: b, to: done, automatic, when: today >= case.opened_on}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  a: {title: 甲}
  done: {title: 办结, final}
transitions:
  - {do: finish, title: 办理, from: open, to: done}
  - {do: begin, title: 开始, from: open, to: a}
  - {do: forth, title: 过去, from: a, to: done, after: 1 days}
""",
    check=check,
    blocks_graph=False,
)
