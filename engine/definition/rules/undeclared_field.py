"""A fact set on a case whose workflow has no such field."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="undeclared-field",
    severity=Severity.ERROR,
    text=say("记录或带入的字段须在该流程的 fields（字段）里。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - set: {found: 1}
""",
    right="""\
fields:
  - found: {title: 问题数, integer}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - set: {found: 1}
""",
    blocks_graph=False,
)
