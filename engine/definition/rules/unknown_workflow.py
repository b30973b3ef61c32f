"""A workflow that no file defines."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-workflow",
    severity=Severity.ERROR,
    text=say("引用的流程须存在。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {start: folow_up}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final, open_children: leave}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {start: follow_up, parties: {handlers: "= [actor.id]"}}
""",
    blocks_graph=False,
)
