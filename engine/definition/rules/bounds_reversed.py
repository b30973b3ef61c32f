"""A least that is more than the most."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="bounds-reversed",
    severity=Severity.ERROR,
    text=say("最少不大于最多。"),
    wrong="""\
form: sample
title: 示例
fields:
  - n: {title: 人数, integer, min: 5, max: 2, optional}
""",
    right="""\
form: sample
title: 示例
fields:
  - n: {title: 人数, integer, min: 2, max: 5, optional}
""",
    blocks_graph=False,
)
