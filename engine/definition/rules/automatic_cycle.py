"""Automatic steps that go round: the engine would never stop. A warning where conditions may stop it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.expressions.expression import Compare, Literal, Logic, Name
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the automatic steps that lead back to where they began."""
    edges: dict[str, set[str]] = {}
    free: dict[str, set[str]] = {}
    for step, places in subject.steps:
        if not step.automatic:
            continue
        for source in step.sources:
            target = step.target or source
            edges.setdefault(source, set()).add(target)
            if "when" not in places:
                free.setdefault(source, set()).add(target)
    circling = graph.on_circles(edges)
    reported: set[frozenset[str]] = set()
    seen: set[tuple[str, str]] = set()
    for step, places in subject.steps:
        if not step.automatic:
            continue
        for source in step.sources:
            if source not in circling or (source, step.target or source) in seen:
                continue
            round_trip = graph.path(edges, step.target or source, source)
            if round_trip is None or frozenset(round_trip) in reported:
                continue
            reported.add(frozenset(round_trip))
            seen.update(pairwise([source, *round_trip]))
            if _never_both(subject, [source, *round_trip]):
                continue
            endless = graph.path(free, step.target or source, source) is not None and "when" not in places
            yield RuleFinding(
                places["do"],
                say("自动办理绕成了圈：{states}", states=[source, *round_trip]),
                say("请让其中一步由人办理，或通往别处"),
                None if endless else Severity.WARNING,
            )


def _never_both(subject: RuleInput, states: list[str]) -> bool:
    """Tell whether two steps of a round ask opposite things of other cases: no child in a state, and some in it.

    Steps of the case itself do not change that, unless they start or end children.
    """
    none: set[tuple[str, ...]] = set()
    some: set[tuple[str, ...]] = set()
    for source, target in pairwise(states):
        steps = [
            step
            for step, _ in subject.steps
            if step.automatic and source in step.sources and (step.target or source) == target
        ]
        if len(steps) != 1 or any(effect.kind in ("start", "end") for effect in steps[0].then):
            return False
        for condition in steps[0].conditions:
            node = condition.expression.node
            for clause in node.items if isinstance(node, Logic) and node.op == "and" else (node,):
                if not isinstance(clause, Compare) or clause.right != Literal(0):
                    continue
                if isinstance(clause.left, Name) and clause.left.path[0] == "children":
                    found = {"==": none, ">": some}.get(clause.op)
                    if found is not None:
                        found.add(clause.left.path)
    return not none.isdisjoint(some)


RULE = Rule(
    id="automatic-cycle",
    severity=Severity.ERROR,
    text=say("自动办理不能绕成圈。"),
    wrong="""\
states:
  open: {title: 甲}
  mid: {title: 乙}
  done: {title: 办结, final}
transitions:
  - {do: go, title: 办理, from: open, to: mid, automatic}
  - {do: back, title: 办理, from: mid, to: open, automatic}
  - {do: finish, title: 办理, from: mid, to: done, after: 1 days}
""",
    right="""\
states:
  open: {title: 甲}
  mid: {title: 乙, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: go, title: 办理, from: open, to: mid, automatic}
  - {do: finish, title: 办理, from: mid, to: done}
""",
    check=check,
    blocks_graph=False,
)
