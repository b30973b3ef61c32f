"""A sum of months over a sum of months, whose result depends on how the days are rounded."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="ambiguous-date-sum",
    severity=Severity.ERROR,
    text=say("日期加月或年，一次加足：分两次加，每次都可能退到月末。"),
    wrong="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done, when: "today >= add(add(case.opened_on, '1 month'), '1 month')"}
""",
    right="""\
transitions:
  - {do: finish, title: 办理, from: open, to: done, when: "today >= add(case.opened_on, '2 months')"}
""",
)
