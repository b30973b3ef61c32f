"""A key that does not exist at this place."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-key",
    severity=Severity.ERROR,
    text=say("只用此处规定的键。"),
    wrong="""\
titel: 示例
title: 示例
""",
    right="""\
title: 示例
""",
)
