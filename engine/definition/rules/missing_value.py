"""A key with nothing behind it."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="missing-value",
    severity=Severity.ERROR,
    text=say("写了键就要写内容。"),
    wrong="""\
help:
""",
    right="""\
help: 一户一件
""",
)
