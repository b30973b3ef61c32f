"""A text that must be quoted: it begins with @ or `, or holds a second colon."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="quotes-needed",
    severity=Severity.ERROR,
    text=say("以 @、` 开头的文字和含有“: ”的文字须加引号。"),
    wrong="""\
help: 注意: 先核对证件
""",
    right="""\
help: "注意: 先核对证件"
""",
)
