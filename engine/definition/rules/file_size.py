"""A file larger than 1 MB."""

from engine.definition.problem import Severity
from engine.definition.rules.rule import Rule
from engine.language import say

RULE = Rule(
    id="file-size",
    severity=Severity.ERROR,
    text=say("一个文件不超过 1 MB。"),
)
