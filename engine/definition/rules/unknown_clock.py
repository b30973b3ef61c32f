"""A deadline that the workflow does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-clock",
    severity=Severity.ERROR,
    text=say("延期、挂起所指的时限须存在。"),
    wrong="""\
verbs: {extend: {by: clerk, clock: opne, max: 5 working days}}
states:
  open: {title: 待办, for: clerk, deadline: 5 working days}
  done: {title: 办结, final}
""",
    right="""\
verbs: {extend: {by: clerk, clock: open, max: 5 working days}}
states:
  open: {title: 待办, for: clerk, deadline: 5 working days}
  done: {title: 办结, final}
""",
    blocks_graph=False,
)
