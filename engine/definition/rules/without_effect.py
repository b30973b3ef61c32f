"""What is written and can change nothing: an advice that is required anyway, a step back that is nobody's."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.model.workflow import Transition
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield what can have no effect in one workflow."""
    yield from _advice(subject)
    yield from _steps_back(subject)


def _advice(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield each ``warn`` that asks what the step requires: it never warns."""
    for number, step in enumerate(subject.workflow.transitions):
        required = [one.expression.node for one in step.conditions] if step.warn else []
        for one in step.warn:
            if one.that.expression.node in required:
                yield RuleFinding(
                    subject.place(one.that.expression, subject.key(number, "warn")),
                    say("这一步要求（require）的正是它，所以永远不会提示"),
                    say("请去掉这一条，或写另一个条件"),
                )


def _steps_back(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the states with ``withdraw`` that only the engine brings a case to: nobody has taken a step they could take back."""
    workflow = subject.workflow
    leading: dict[str | None, list[Transition]] = {}
    for step in workflow.transitions:
        leading.setdefault(step.target, []).append(step)
    for name, state in workflow.states.items():
        if "withdraw" not in state.verbs:
            continue
        to_it = [step for step in leading.get(name, ()) if set(step.sources) - {name}]
        if to_it and all(step.by_engine for step in to_it):
            yield RuleFinding(
                subject.read.states[name],
                say("环节“{state}”只由系统转入，没有谁的上一步可以撤回", state=state.title),
                say("请去掉 withdraw（撤回）"),
            )


RULE = Rule(
    id="without-effect",
    severity=Severity.WARNING,
    text=say("写下的要有作用：提示不重复要求，能撤回的要有人办过的上一步。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 没有职工, basis: 条例 第一条}
    warn:
      - {that: form.staff > 0, else: 没有职工, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.staff > 0, else: 没有职工, basis: 条例 第一条}
    warn:
      - {that: form.staff > 2, else: 职工很少，请核对, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
