"""A deadline counted from another one that may not be running, or in a circle."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition import graph
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: RuleInput) -> Iterator[RuleFinding]:
    """Yield the clocks whose deadline lies beside one that does not run whenever they do."""
    clocks = subject.workflow.clocks
    leads = {name: clock.beside for name, clock in clocks.items()}
    for name, clock in clocks.items():
        place = subject.clocks[name]
        for other in sorted(clock.beside & clocks.keys()):
            if name in graph.reachable(leads, other):
                yield RuleFinding(
                    place,
                    say("时限“{clock}”与“{other}”互相推算", clock=name, other=other),
                    say("请让其中一个自己计时"),
                )
                continue
            base = clocks[other]
            if base.starts_on or base.stops_on:
                yield RuleFinding(
                    place,
                    say(
                        "时限“{clock}”按“{other}”推算，而“{other}”由动作起止，不一定在计时",
                        clock=name,
                        other=other,
                    ),
                    say("请改从另一个时限推算"),
                )
            elif not clock.during <= base.during:
                missing = sorted(clock.during - base.during)
                yield RuleFinding(
                    place,
                    say(
                        "时限“{clock}”按“{other}”推算，而在环节{states}“{other}”不计时",
                        clock=name,
                        other=other,
                        states=missing,
                    ),
                    say("“{other}”的期间须包含这些环节", other=other),
                )


RULE = Rule(
    id="deadline-beside",
    severity=Severity.ERROR,
    text=say("按另一时限推算的时限，只在另一时限计时期间计时，且不互相推算。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk, deadline: 2 working days before report}
  done: {title: 办结, final}
clocks:
  report: {title: 上报, during: open, deadline: 20 working days}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk, deadline: 2 working days before report}
  done: {title: 办结, final}
clocks:
  report: {title: 上报, during: [open, review], deadline: 20 working days}
transitions:
  - {do: submit, title: 提交, from: open, to: review}
  - {do: finish, title: 办结, from: review, to: done}
""",
    check=check,
    blocks_graph=False,
)
