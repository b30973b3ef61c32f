"""A clock that leaves out a state in the middle of its own: there it stops, and behind it it begins anew."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Workflow
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states in the middle of a clock in which it does not run, and clocks no step ever starts."""
    workflow = subject.workflow
    leads = graph.edges(workflow)
    for clock in workflow.clocks.values():
        place = subject.clocks[clock.id]
        for name in _left_out(subject, leads, clock):
            yield RuleFinding(
                place,
                say(
                    "时限“{clock}”的期间缺了中间的环节“{state}”：走到那里就停，出来又从头算起",
                    clock=clock.title,
                    state=workflow.states[name].title,
                ),
                say(
                    "请把“{state}”写进 during（期间）；那里不该计时的，再写进 pauses_in（停计环节）",
                    state=name,
                ),
            )


def _left_out(subject: RuleInput, leads: dict[str, set[str]], clock: ClockRule) -> Iterator[str]:
    workflow = subject.workflow
    if len(clock.during) < 2 or clock.starts_on:
        return
    back = graph.sources_of(leads)
    for name in dict.fromkeys(target for source in sorted(clock.during) for target in sorted(leads[source])):
        targets = leads[name]
        if name in clock.during or workflow.states[name].final or not targets - {name}:
            continue
        into = back[name] - {name}
        if not into & clock.during or name == workflow.initial:
            continue
        between = into <= clock.during and targets - {name} <= clock.during
        around = {state: found - {name} for state, found in leads.items() if state != name}
        only_through_it = (targets & clock.during) - graph.reachable(around, workflow.initial)
        whole = between or (into <= clock.during and only_through_it)
        if whole or _on_the_way(workflow, leads, clock, name):
            yield name


def _on_the_way(workflow: Workflow, leads: dict[str, set[str]], clock: ClockRule, name: str) -> bool:
    """Tell whether a state is one most of whose ways in come from those of a clock, and through which alone it goes on.

    A way back, to a state every way to the other end has passed, is none on.
    """
    into = {source for source, found in leads.items() if name in found and source != name}
    if len(into & clock.during) * 2 <= len(into) or not leads[name] & clock.during:
        return False
    around = {state: found - {name} for state, found in leads.items() if state != name}
    # Whatever is reached only through the state comes back to it, and does not come into it on the way.
    inside = into & clock.during & graph.reachable(around, workflow.initial)
    for target in (leads[name] & clock.during) - inside - {name}:
        apart = {state: found - {target} for state, found in leads.items() if state != target}
        if name in graph.reachable(apart, workflow.initial) and any(
            target not in graph.reachable(around, source) for source in inside
        ):
            return True
    return False


RULE = Rule(
    id="clock-gap",
    severity=Severity.WARNING,
    text=say("时限的期间要连着：只从期间里进、又只回到期间里的环节，也写进 during（期间）。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  asking: {title: 待补正, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
clocks:
  handle: {title: 办理, during: [open, review], deadline: 20 working days, basis: 条例 第一条}
transitions:
  - {do: ask, title: 要求补正, from: open, to: asking}
  - {do: receive, title: 收到补正, from: asking, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  asking: {title: 待补正, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
clocks:
  handle: {title: 办理, during: [open, asking, review], deadline: 20 working days, basis: 条例 第一条, pauses_in: asking}
transitions:
  - {do: ask, title: 要求补正, from: open, to: asking}
  - {do: receive, title: 收到补正, from: asking, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
