"""A paper without a template, or a template that shows a field its form does not have."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-template",
    severity=Severity.ERROR,
    text=say("render（文书）写的模板须在 forms/templates 里，模板里写的栏须在表单里。"),
    blocks_graph=False,
)
