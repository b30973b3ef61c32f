"""A value of another kind than the place takes: a list for a text, yes for true."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="wrong-shape",
    severity=Severity.ERROR,
    text=say("值的写法要合乎此处的规定。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: yes}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
)
