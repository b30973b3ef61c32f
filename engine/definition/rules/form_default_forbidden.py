"""A default answer: answers are never filled in for people."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="form-default-forbidden",
    severity=Severity.ERROR,
    text=say("表单没有默认值：检查结果须由检查人员逐项填写。"),
    wrong="""\
form: sample
title: 示例
fields:
  - ok: {title: 是否合格, boolean, default: true, optional}
""",
    right="""\
form: sample
title: 示例
fields:
  - ok: {title: 是否合格, boolean}
""",
)
