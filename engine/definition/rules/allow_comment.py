"""A comment that allows something names no rule, or gives no reason."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="allow-comment",
    severity=Severity.ERROR,
    text=say("“# ssj: allow 规则 – 理由”写在所指的一行末尾，规则须存在，理由不能少。"),
    wrong="""\
title: 示例  # ssj: allow unknown-key
""",
    right="""\
title: 示例  # ssj: allow unknown-key – 仅为示例
""",
    blocks_graph=False,
)
