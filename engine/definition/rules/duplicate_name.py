"""Two things with one name."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="duplicate-name",
    severity=Severity.ERROR,
    text=say("同一处的编号不重复。"),
    wrong="""\
fields:
  - level: {title: 等级}
  - level: {title: 级别}
""",
    right="""\
fields:
  - level: {title: 等级}
""",
)
