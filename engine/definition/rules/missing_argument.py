"""Something an effect needs and does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="missing-argument",
    severity=Severity.ERROR,
    text=say("每种做法必需的项要写全。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {notify: clerk}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {notify: clerk, message: 请办理}
""",
    blocks_graph=False,
)
