"""An effect word that does not exist."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-effect",
    severity=Severity.ERROR,
    text=say("then（然后）下面每一项做一件规定的事。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {publsh: result}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {publish: result}
""",
    blocks_graph=False,
)
