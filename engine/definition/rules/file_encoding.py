"""A file that is not UTF-8, or holds control characters."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="file-encoding",
    severity=Severity.ERROR,
    text=say("文件须用 UTF-8 编码，不含控制字符。"),
)
