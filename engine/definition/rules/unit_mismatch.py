"""Numbers of two units added or compared, or a quotient kept without saying how it is rounded."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unit-mismatch",
    severity=Severity.ERROR,
    text=say("只有单位相同的数才能相加减、比较；除出来的数记下以前须写明怎样取整。"),
    wrong="""\
fields:
  - paid: {title: 已付, decimal, unit: 元}
  - staff: {title: 人数, integer, unit: 人}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require:
      - {that: case.paid > case.staff, else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
start: {by: clerk, then: [{set: {paid: "90", staff: 3, tariff: "25"}}]}
fields:
  - paid: {title: 已付, decimal, unit: 元}
  - staff: {title: 人数, integer, unit: 人}
  - tariff: {title: 每人应付, decimal, unit: 元/人}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    require:
      - {that: case.paid > case.staff * case.tariff, else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
