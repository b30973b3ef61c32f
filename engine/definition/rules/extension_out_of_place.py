"""An extension, or a suspension, of a clock that runs in no state in which it may be asked for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Verb
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the verbs whose clocks run nowhere where the verb is."""
    workflow = subject.workflow
    where: dict[int, tuple[Verb, list[str]]] = {}
    for name, state in workflow.states.items():
        for verb in state.verbs.values():
            where.setdefault(id(verb), (verb, []))[1].append(name)
    for verb, states in where.values():
        for name in (*((verb.clock,) if verb.clock else ()), *verb.pauses):
            clock = workflow.clocks.get(name)
            if clock is not None and not clock.during & set(states):
                _, place = subject.written.get(id(verb), (verb, subject.states[states[0]]))
                yield RuleFinding(
                    place,
                    say(
                        "“{verb}”所指的时限“{clock}”在环节“{states}”不计时，用不上",
                        verb=verb.title,
                        clock=clock.title,
                        states=[workflow.states[one].title for one in states],
                    ),
                    say("请写在那里计时的时限，或把这一项写到计时的环节"),
                )


RULE = Rule(
    id="extension-out-of-place",
    severity=Severity.WARNING,
    text=say("延期、挂起所指的时限要在能延期、挂起的环节里计时。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days, basis: 条例 第一条}
  review: {title: 待审, for: clerk, verbs: {extend: {by: clerk, clock: open, max: 5 working days}}}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, deadline: 5 working days, basis: 条例 第一条, verbs: {extend: {by: clerk, clock: open, max: 5 working days}}}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
