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
  - {name: n, title: 人数, type: integer, least: 5, most: 2}
""",
    right="""\
form: sample
title: 示例
fields:
  - {name: n, title: 人数, type: integer, least: 2, most: 5}
""",
    blocks_graph=False,
)
