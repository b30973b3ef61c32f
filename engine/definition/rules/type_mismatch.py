"""Things compared, added or handed over that do not go together."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="type-mismatch",
    severity=Severity.ERROR,
    text=say("两边的类型要相配：日期与日期、数与数、代码与代码。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.visited_on > 5", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "days_between(form.visited_on, today) > 5", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
