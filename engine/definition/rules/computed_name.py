"""A template of a paper that works out which answer it shows: nobody can say which it is."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="computed-name",
    severity=Severity.ERROR,
    text=say(
        "文书模板写出的每一栏都要查得到：栏的名字由模板直接写明，或取自模板里列出的几个名字；不能把整张表单、整个案件拿来用。"
    ),
    blocks_graph=False,
)
