"""A file that cannot be opened."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="file-unreadable",
    severity=Severity.ERROR,
    text=say("文件须能打开。"),
)
