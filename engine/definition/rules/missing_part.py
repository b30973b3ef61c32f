"""A paper that does not say what its kind must say, or says what no paper may."""

from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity

RULE = Rule(
    id="missing-part",
    severity=Severity.ERROR,
    text=say("文书按样例印出来，须有 forms/tests/papers.yaml 为它写明的每一项，写在该写的地方。"),
    blocks_graph=False,
)
