"""A value that reads like an expression and would be kept as the text it is."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="value-not-expression",
    severity=Severity.ERROR,
    text=say("记录、带入的值照所写的原样记下；要取表达式的值，前面写“= ”。"),
    wrong="""\
fields:
  - found: {title: 问题数, integer}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - set: {found: form.problem_count}
""",
    right="""\
fields:
  - found: {title: 问题数, integer}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - set: {found: = form.problem_count}
""",
    blocks_graph=False,
)
