"""What is drawn, however it is drawn."""

from __future__ import annotations

import pytest
from drawn_workflows import FLOW, VISIT, words_of

from engine.authoring.diagram.condition_words import ConditionWords
from engine.authoring.diagram.drawn import arrows_of, clocks_of
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import load_paths
from engine.definition.resources import workflows_dir


def test_outcomes_are_numbered_and_the_last_is_whatever_is_left() -> None:
    found = [
        (str(one.title), one.condition, one.target) for one in arrows_of(VISIT) if "判断" in str(one.title)
    ]
    assert found == [("判断（1）", "“结论” 是 合格的", "waiting"), ("判断（2）", "其余情形", "done")]


def test_who_asks_for_a_verb_and_who_approves_it() -> None:
    words = words_of(
        FLOW.replace("void: {by: clerk,", "void: {by: clerk, approve: chief, with_children: true,")
    )
    (void,) = [one for one in arrows_of(words) if one.verb]
    assert (void.source, void.target, str(void.how)) == ("open", "void", "由clerk提出，chief批准")
    assert [str(one) for one in void.children] == ["连同未办结的子件"]


def test_a_clock_says_each_of_its_limits() -> None:
    later = """deadline: {10 working days: suggested}
    not_later_than: [{deadline: 30 days, when: "case.received > '2026-01-01'", basis: x}]"""
    words = words_of(FLOW.replace("deadline: {10 working days: suggested}", later))
    (clock,) = [one for one in clocks_of(words) if one.id == "whole"]
    assert "且不晚于：“案件：收到日期” 大于（晚于） 2026-01-01时，期限 30 日" in str(clock.length)


@pytest.mark.parametrize("name", ["follow_up", "inspection", "penalty", "batch", "supervision"])
def test_no_name_of_the_language_is_left_in_what_is_drawn_of_the_shipped_workflows(name: str) -> None:
    loaded = load_paths([workflows_dir()], context=surrounding_files([workflows_dir()]))
    words = ConditionWords(loaded.workflows[name], loaded.workflows, loaded.bureau)
    texts = [one.condition for one in arrows_of(words)] + [str(one.length) for one in clocks_of(words)]
    texts += [str(child) for one in arrows_of(words) for child in one.children]
    roots = ("form.", "forms.", "case.", "children.", "clocks.", "draw.", "it.", "kpi.")
    assert [text for text in texts if any(f"“{root}" in text for root in roots)] == []
