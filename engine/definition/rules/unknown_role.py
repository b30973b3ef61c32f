"""A role or party nobody has defined. A warning when there is no bureau file to look in."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-role",
    severity=Severity.ERROR,
    text=say("引用的角色须在单位设置里，参与人须在流程的 parties（参与人）里。"),
    wrong="""\
states:
  open: {title: 待办, for: clrek}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final}
""",
    blocks_graph=False,
)
