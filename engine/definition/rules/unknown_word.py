"""A word that is not one of those the place takes."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="unknown-word",
    severity=Severity.ERROR,
    text=say("此处只用规定的词。"),
    wrong="""\
about: objekt
""",
    right="""\
about: object
""",
)
