"""A basis that cites an article the table of articles does not have."""

from __future__ import annotations

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-article",
    severity=Severity.WARNING,
    text=say(
        "依据所引的法规和条文都要在条文表（articles.yaml）里，写明全称、版本和内容：引错的条号由此看出来。"
    ),
    wrong="""\
form: visit
title: 检查
basis: 劳动保障监察条例 第六十一条
fields:
  - note: {title: 说明}
""",
    right="""\
form: visit
title: 检查
basis: 劳动保障监察条例 第十六条
fields:
  - note: {title: 说明}
""",
    blocks_graph=False,
)
