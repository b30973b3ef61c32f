"""A TAB in the indentation."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="tab-indentation",
    severity=Severity.ERROR,
    text=say("缩进用空格，不用制表符。"),
    wrong="parties:\n\tinspectors: 检查人员\n",
    right="""\
parties:
  inspectors: 检查人员
""",
)
