"""A file larger than 1 MB."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="file-size",
    severity=Severity.ERROR,
    text=say("一个文件不超过 1 MB。"),
)
