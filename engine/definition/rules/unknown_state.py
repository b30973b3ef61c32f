"""A state that the workflow does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-state",
    severity=Severity.ERROR,
    text=say("引用的环节须在 states（环节）里。"),
    wrong="""\
initial: opened
""",
    right="""\
initial: open
""",
)
