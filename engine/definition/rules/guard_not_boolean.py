"""A condition that is not true or false."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="guard-not-boolean",
    severity=Severity.ERROR,
    text=say("条件须得“是或否”。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.problem_count", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.problem_count > 0", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
