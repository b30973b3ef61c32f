"""One key written twice; plain YAML would silently drop the first."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="duplicate-key",
    severity=Severity.ERROR,
    text=say("同一个键只写一次。"),
    wrong="""\
title: 示例
title: 又一个
""",
    right="""\
title: 示例
""",
)
