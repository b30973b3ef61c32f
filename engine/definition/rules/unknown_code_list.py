"""A code list that the bureau file does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-code-list",
    severity=Severity.ERROR,
    text=say("选项引用的代码表须在单位设置的 codes（代码表）里。"),
    wrong="""\
form: sample
title: 示例
fields:
  - r: {title: 结果, choices: result_code, optional}
""",
    right="""\
form: sample
title: 示例
fields:
  - r: {title: 结果, choices: result_codes, optional}
""",
    blocks_graph=False,
)
