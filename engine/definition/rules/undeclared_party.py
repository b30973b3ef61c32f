"""People put into a party the workflow does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="undeclared-party",
    severity=Severity.ERROR,
    text=say("指定的参与人须在该流程的 parties（参与人）里。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - assign: {reviewers: "= [actor.id]"}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - assign: {inspectors: "= [actor.id]"}
""",
    blocks_graph=False,
)
