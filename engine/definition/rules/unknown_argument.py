"""Something written beside an effect that it does not take."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-argument",
    severity=Severity.ERROR,
    text=say("每种做法只带规定的项。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {notify: clerk, mesage: 请办理, message: 请办理}
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
