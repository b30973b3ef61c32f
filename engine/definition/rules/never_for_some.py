"""Conditions that never hold for the people a step is for, or for the cases of one of those who start them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.definition import graph
from engine.definition.meaning.conditions import example
from engine.definition.meaning.fields_known import fields_of
from engine.definition.meaning.names_read import walked
from engine.definition.meaning.starters import (
    ACTOR_STARTED,
    can_hold,
    conditions_of,
    known_of_entry,
    known_of_people,
)
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.ways import Entry
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.expression import ExpressionNode, Name
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the steps nobody they are for can take, and the starters whose cases come to where they cannot go on."""
    steps = [_AskedOf.of(subject, number) for number in range(len(subject.workflow.transitions))]
    left: list[_AskedOf] = []
    for step in steps:
        finding = _for_nobody(subject, step) if step.of_actor else None
        if finding is not None:
            yield finding
        elif any(name.startswith("case.") for name in step.names):
            left.append(step)
    for entry in subject.ways.entries if left else ():
        if (finding := _stuck(subject, entry, left)) is not None:
            yield finding


@dataclass(frozen=True, slots=True)
class _AskedOf:
    """What must hold for a step to be taken, and the names it is asked of."""

    number: int
    step: Transition
    nodes: list[ExpressionNode]
    names: set[str]

    @classmethod
    def of(cls, subject: MeaningInput, number: int) -> _AskedOf:
        step = subject.workflow.transitions[number]
        nodes = conditions_of(subject.workflow, step)
        parts = (part for node in nodes for part in walked(node))
        return cls(number, step, nodes, {".".join(part.path) for part in parts if isinstance(part, Name)})

    @property
    def of_actor(self) -> bool:
        """Tell whether people take the step and it asks who does."""
        return not self.step.by_engine and any(name.startswith("actor.") for name in self.names)


def _for_nobody(subject: MeaningInput, read: _AskedOf) -> RuleFinding | None:
    """Return a finding where the conditions of a step are never met by any of those it is for."""
    workflow, step, nodes = subject.workflow, read.step, read.nodes
    field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
    people = list(
        dict.fromkeys(name for state in step.sources for name in step.by or workflow.states[state].audience)
    )
    if not people or not can_hold(nodes, field_of, {}):
        return None
    if any(can_hold(nodes, field_of, known_of_people(workflow, name)) for name in people):
        return None
    return RuleFinding(
        _place(subject, read.number),
        say("“{step}”由 {who} 办，而他们当中谁也不符合它的条件，永远办不成", step=step.title, who=people),
        say("请核对条件里的 actor（办理人）和 by（谁可办）、环节的 for（由谁办）"),
    )


def _stuck(subject: MeaningInput, entry: Entry, steps: list[_AskedOf]) -> RuleFinding | None:
    """Return a finding where the cases of one starter reach a state whose steps they never meet the conditions of."""
    workflow = subject.workflow
    known = known_of_entry(workflow, entry, subject.others)
    named = {"case.opened_by" if key == ACTOR_STARTED else key for key in known}
    never: dict[int, _AskedOf] = {}
    for read in steps:
        if named.isdisjoint(read.names):
            continue
        field_of = fields_of(workflow, workflow.forms.get(read.step.form or ""), read.step.sources)
        if not can_hold(read.nodes, field_of, known) and can_hold(read.nodes, field_of, {}):
            never[read.number] = read
    if not never:
        return None
    every, left = graph.edges(workflow), graph.edges(workflow, never)
    ends = {name for name, state in workflow.states.items() if state.final}
    for state in sorted(graph.reachable(left, workflow.initial) - ends, key=list(workflow.states).index):
        shut = [number for number in sorted(never) if state in workflow.transitions[number].sources]
        if shut and ends & graph.reachable(every, state) and not ends & graph.reachable(left, state):
            return _finding(subject, entry, state, never[shut[0]], known)
    return None


def _finding(
    subject: MeaningInput, entry: Entry, state: str, read: _AskedOf, known: Mapping[str, Sequence[Any]]
) -> RuleFinding:
    workflow, step, names = subject.workflow, read.step, read.names
    field_of = fields_of(workflow, workflow.forms.get(step.form or ""), step.sources)
    given: list[Message] = [
        example({key: answers[0]}, field_of) for key, answers in known.items() if key in names
    ]
    if ACTOR_STARTED in known and "case.opened_by" in names:
        given.append(say("启动人是系统，不是人"))
    starter = subject.others.get(entry.starter or "")
    who = (
        say("由流程“{starter}”启动的案件", starter=starter.title)
        if starter is not None
        else say("由人启动的案件")
        if workflow.start_by
        else say("按日历启动的案件")
    )
    return RuleFinding(
        _place(subject, read.number),
        say(
            "{who}办不完：在环节“{state}”，“{step}”的条件对它们永远不成立（{given}）",
            who=who,
            state=workflow.states[state].title,
            step=step.title,
            given=given,
        ),
        say("请改条件，或为这些案件另写一步"),
    )


def _place(subject: MeaningInput, number: int) -> Node:
    step = subject.workflow.transitions[number]
    first = step.require[0].that if step.require else step.when
    key = subject.key(number, "require", "when", "form")
    return subject.place(first.expression, key) if first is not None else key


RULE = Rule(
    id="never-for-some",
    severity=Severity.WARNING,
    text=say("一步的条件，要有它的办理人能符合；每一种启动方式开出的案件，都要能办完。"),
    wrong="""\
parties: {handlers: 承办人}
states:
  open: {title: 待办, for: handlers}
  done: {title: 办结, final}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require: [{that: "actor.id not in collect(handlers, it.id)", else: 须由他人办理, basis: 条例 第一条}]
""",
    right="""\
parties: {handlers: 承办人}
states:
  open: {title: 待办, for: handlers}
  done: {title: 办结, final}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    by: section_chief
    require: [{that: "actor.id not in collect(handlers, it.id)", else: 须由他人办理, basis: 条例 第一条}]
""",
    meaning=check,
    blocks_graph=False,
)
