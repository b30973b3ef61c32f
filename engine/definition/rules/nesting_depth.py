"""More than 60 levels of nesting."""

from engine.definition.problem import Severity
from engine.definition.rules.rule import Rule
from engine.language import say

RULE = Rule(
    id="nesting-depth",
    severity=Severity.ERROR,
    text=say("嵌套不超过 60 层。"),
)
