"""A file that is not YAML."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="yaml-syntax",
    severity=Severity.ERROR,
    text=say("文件须是合乎语法的 YAML。"),
    wrong="""\
parties: {inspectors: 检查人员
""",
    right="""\
parties: {inspectors: 检查人员}
""",
)
