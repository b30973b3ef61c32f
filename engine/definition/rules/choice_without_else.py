"""A step with several outcomes, none of which is taken where no condition holds."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="choice-without-else",
    severity=Severity.ERROR,
    text=say("一个办理有几个去向的，最后一个写 else（否则）。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  other: {title: 转办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: finish
    title: 办理
    from: open
    to:
      - done: case.title == '甲'
      - other: case.title == '乙'
  - {do: close, title: 办结, from: other, to: done}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  other: {title: 转办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: finish
    title: 办理
    from: open
    to:
      - done: case.title == '甲'
      - else: other
  - {do: close, title: 办结, from: other, to: done}
""",
)
