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
  - {name: level, title: 等级, type: text}
  - {name: level, title: 级别, type: text}
""",
    right="""\
fields:
  - {name: level, title: 等级, type: text}
""",
)
