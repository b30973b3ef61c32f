"""A function that does not exist, or has other arguments."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-function",
    severity=Severity.ERROR,
    text=say("只用规定的函数，参数个数要对。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.signed_by | count >= 2", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.signed_by | length >= 2", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
