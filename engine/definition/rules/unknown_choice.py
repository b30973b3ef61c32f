"""A comparison with a code the field cannot have: it would never be true."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-choice",
    severity=Severity.ERROR,
    text=say("与选择题比较时，写选项里有的代码。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.method == 'on_site'", else: 不符合要求, basis: 条例 第一条}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    require:
      - {that: "form.method == 'onsite'", else: 不符合要求, basis: 条例 第一条}
""",
    blocks_graph=False,
)
