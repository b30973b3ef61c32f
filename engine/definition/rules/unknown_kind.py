"""A file whose first key is none of workflow, form, bureau."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-kind",
    severity=Severity.ERROR,
    text=say("文件的第一个键是 workflow（流程）、form（表单）或 bureau（单位）。"),
    wrong="""\
标题: 示例
""",
    right="""\
form: sample
title: 示例
fields:
  - note: {title: 备注, optional}
""",
)
