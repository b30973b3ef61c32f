"""The rule a paper without an obligatory part is reported by."""

from __future__ import annotations

from engine.definition.rules.missing_part import RULE
from engine.yamltext.problem import Severity


def test_a_paper_that_lacks_a_part_is_an_error() -> None:
    assert (RULE.id, RULE.severity, RULE.blocks_graph) == ("missing-part", Severity.ERROR, False)
    assert "papers.yaml" in RULE.text.render("zh_CN")
