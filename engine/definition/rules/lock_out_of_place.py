"""A lock on a state where it cannot keep cases apart, or keeps a case and its child apart for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield locks on the first state or on an end, and steps after a time into a state with a lock."""
    workflow = subject.workflow
    locked = {state.id for state in workflow.states.values() if state.lock is not None}
    for name in sorted(locked):
        state = workflow.states[name]
        if state.final or name == workflow.initial:
            yield RuleFinding(
                subject.states[name],
                say("“{name}”是起始环节或终点，不能写 lock（独占）", name=state.title),
                say("独占的环节要进得去、出得来：请写在中间的环节"),
            )
    for step, places in subject.steps:
        if step.after is not None and step.target in locked:
            yield RuleFinding(
                places["after"],
                say(
                    "“{step}”到点就办，但“{name}”同时只能有一件，可能进不去",
                    step=step.title,
                    name=step.target,
                ),
                say("请写 automatic: true（自动），由系统等到能进时再办"),
            )


def check_meaning(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield locks held while the case waits for a child that needs the same lock to come to its end."""
    for name, state in subject.workflow.states.items():
        leaving = [step for _, step in subject.leaving(name) if step.target not in (None, name)]
        waits = [step.join for step in leaving if step.join is not None]
        if state.lock is None or not waits or len(waits) < len(leaving):
            continue
        for join in waits:
            child = subject.others.get(join.workflow)
            if child is None:
                continue
            into = [
                number
                for number, step in enumerate(child.transitions)
                if step.target is not None and child.states[step.target].lock == state.lock
            ]
            if into and subject.ways_of(child).may(into).keys().isdisjoint(join.states):
                yield RuleFinding(
                    subject.read.states[name],
                    say(
                        "“{name}”独占“{lock}”，又等子件“{child}”办完，而子件也要独占“{lock}”，两件互相等着",
                        name=state.title,
                        lock=state.lock,
                        child=child.title,
                    ),
                    say("请在没有独占的环节里等子件"),
                )


RULE = Rule(
    id="lock-out-of-place",
    severity=Severity.ERROR,
    text=say("独占只写在中间的环节，进去的办理要能等。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, lock: room}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  hearing: {title: 听证, for: clerk, lock: room}
  done: {title: 办结, final}
transitions:
  - {do: convene, title: 开始听证, from: open, to: hearing}
  - {do: finish, title: 办结, from: hearing, to: done}
""",
    check=check,
    meaning=check_meaning,
    blocks_graph=False,
)
