"""A deadline, period or reminder that cannot be read."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="deadline-syntax",
    severity=Severity.ERROR,
    text=say(
        "时限写作 20 working days（20个工作日）、3 days（3日）、24 hours（24小时）或 by 10-31（10月31日前）。"
    ),
    wrong="""\
states:
  open: {title: 待办, for: clerk, deadline: 十个工作日}
  done: {title: 办结, final}
""",
    right="""\
states:
  open: {title: 待办, for: clerk, deadline: 10个工作日}
  done: {title: 办结, final}
""",
    blocks_graph=False,
)
