"""Two files that define the same workflow, form or bureau."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="duplicate-definition",
    severity=Severity.ERROR,
    text=say("一个编号只在一个文件里定义。"),
)
