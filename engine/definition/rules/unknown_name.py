"""A name no expression can see here."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-name",
    severity=Severity.ERROR,
    text=say("表达式里的名字须存在。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.visited_no <= today", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.visited_on <= today", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
