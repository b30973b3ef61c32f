"""Full-width punctuation where half-width belongs: YAML reads it as text."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="full-width-punctuation",
    severity=Severity.ERROR,
    text=say("键后的冒号、列表的逗号、缩进的空格和表达式的符号用半角。"),
    wrong="""\
title：示例
""",
    right="""\
title: 示例
""",
)
