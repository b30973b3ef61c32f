"""An expression that cannot be read."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="expression-syntax",
    severity=Severity.ERROR,
    text=say("表达式写在一行里，不超过 500 个字符，比较相等用 ==。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.problem_count = 0", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.problem_count == 0", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
