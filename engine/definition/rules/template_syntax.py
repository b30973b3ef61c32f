"""A text template that cannot be read."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="template-syntax",
    severity=Severity.ERROR,
    text=say("文字模板里只用成对的双花括号。"),
    wrong="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {notify: clerk, message: "请办理 {{ case.title"}
""",
    right="""\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    then:
      - {notify: clerk, message: "请办理 {{ case.title }}"}
""",
    blocks_graph=False,
)
