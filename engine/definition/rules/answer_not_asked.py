"""A step that waits for the answer of a system nothing in the workflow calls."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the steps that wait for an answer nobody has asked for."""
    called = {
        effect.arguments["call"]
        for step in subject.workflow.transitions
        for effect in step.then
        if effect.kind == "call"
    }
    reported: set[str] = set()
    for step, places in subject.steps:
        if step.on_answer is None or step.on_answer in called or step.id in reported:
            continue
        reported.add(step.id)
        yield RuleFinding(
            places["on_answer"],
            say("“{step}”等“{system}”的答复，但没有一步调用它", step=step.title, system=step.on_answer),
            say("请在前面某一步的 then（然后）里写 call: {system}（调用）", system=step.on_answer),
        )


RULE = Rule(
    id="answer-not-asked",
    severity=Severity.ERROR,
    text=say("等哪个系统的答复（on_answer），前面就要调用它（call）。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 待答复}
  done: {title: 办结, final}
transitions:
  - {do: ask, title: 询问, from: open, to: waiting, then: [{call: payroll}]}
  - {do: answered, title: 已答复, from: waiting, to: done, on_answer: attendance}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 待答复}
  done: {title: 办结, final}
transitions:
  - {do: ask, title: 询问, from: open, to: waiting, then: [{call: payroll}]}
  - {do: answered, title: 已答复, from: waiting, to: done, on_answer: payroll}
""",
    check=check,
    blocks_graph=False,
)
