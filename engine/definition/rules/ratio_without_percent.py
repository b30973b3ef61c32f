"""A ratio written as a number above one: the percent sign is missing."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="ratio-without-percent",
    severity=Severity.WARNING,
    text=say("比例写成 5%、0.05 或 1/20；写成 5 是 500%。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5', else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: form.share >= '5%', else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
