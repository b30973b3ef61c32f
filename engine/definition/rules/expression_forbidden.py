"""Something Jinja2 has but this language does not: calls on values, multiplication, tests, indexes."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="expression-forbidden",
    severity=Severity.ERROR,
    text=say("表达式只能取名字、比较、and or not、加减和用规定的函数。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.method is defined", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "filled(form.method)", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
