"""Every rule finds its own wrong example and leaves its right one alone."""

from __future__ import annotations

import re

import pytest
from definition_examples import load_example

from engine.definition.rules import GRAPH_RULES, RULES
from engine.yamltext.problem import Severity

EXAMPLES = [rule for rule in RULES.values() if rule.wrong]


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.id)
def test_the_wrong_example_breaks_this_rule(rule):
    problems = load_example(rule.wrong).problems
    assert rule.id in {problem.rule for problem in problems}
    if rule.severity is Severity.ERROR:
        assert {problem.rule for problem in problems if problem.severity is Severity.ERROR} == {rule.id}


@pytest.mark.parametrize("rule", EXAMPLES, ids=lambda rule: rule.id)
def test_the_right_example_is_sound(rule):
    problems = load_example(rule.right).problems
    assert rule.right
    assert rule.id not in {problem.rule for problem in problems}
    assert [problem for problem in problems if problem.severity is Severity.ERROR] == []


def test_ids_are_kebab_case_and_explained():
    for name, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert str(rule.text).endswith("。")


def test_rules_over_the_whole_do_not_silence_each_other():
    assert {rule.id for rule in GRAPH_RULES} >= {"trap", "unreachable-state", "no-way-to-end", "no-audience"}
    assert not any(rule.blocks_graph for rule in GRAPH_RULES)
