"""What puts the whole task into one person's hands, where tasks of several stand side by side."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.lifecycle.verbs.table import DECLARED
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the states with branches that declare such a verb, or whose clock hands the task over."""
    workflow = subject.workflow
    side_by_side = {source for step in workflow.transitions if step.branch for source in step.sources}
    for name in sorted(side_by_side):
        state = workflow.states[name]
        words = [DECLARED[word].title for word in state.verbs if DECLARED[word].whole_task]
        if any(
            name in clock.during and any(step.new_assignee_role for step in clock.overdue)
            for clock in workflow.clocks.values()
        ):
            words.append(DECLARED["reassign"].title)
        if words:
            yield RuleFinding(
                subject.states[name],
                say(
                    "环节“{state}”各项并行，各有其人；“{verbs}”会把整件交到一人手里，别的各项就没有人办",
                    state=state.title,
                    verbs=words,
                ),
                say("请在这个环节删去；一项要由别人办的，在这一项的 for（由谁办）里写明"),
            )


RULE = Rule(
    id="verb-in-branches",
    severity=Severity.ERROR,
    text=say("并行的环节没有领取、转办、委派：那里不是一件待办，而是几件。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  asking:
    title: 征求意见
    verbs: [claim]
    branches:
      law: {title: 法制意见, for: clerk}
      money: {title: 财务意见, for: section_chief}
  done: {title: 办结, final}
transitions:
  - {do: ask_all, title: 征求, from: open, to: asking}
  - {do: finish, title: 办结, from: asking, to: done, automatic, when: branches.open == 0}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, verbs: [claim]}
  asking:
    title: 征求意见
    branches:
      law: {title: 法制意见, for: clerk}
      money: {title: 财务意见, for: section_chief}
  done: {title: 办结, final}
transitions:
  - {do: ask_all, title: 征求, from: open, to: asking}
  - {do: finish, title: 办结, from: asking, to: done, automatic, when: branches.open == 0}
""",
    check=check,
    blocks_graph=False,
)
