"""More than 60 levels of nesting."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="nesting-depth",
    severity=Severity.ERROR,
    text=say("嵌套不超过 60 层。"),
)
