"""A key that must be there is not."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="missing-key",
    severity=Severity.ERROR,
    text=say("必需的键要写全。"),
    wrong="""\
states:
  open: {for: clerk}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
)
