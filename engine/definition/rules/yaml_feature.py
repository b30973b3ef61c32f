"""Anchors, aliases, tags, merge keys, directives, several documents and control characters are not part of the language."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="yaml-feature",
    severity=Severity.ERROR,
    text=say("不用锚点、别名、标签、合并键、指令、控制字符，一个文件一份内容。"),
    wrong="""\
parties: &people {inspectors: 检查人员}
""",
    right="""\
parties: {inspectors: 检查人员}
""",
)
