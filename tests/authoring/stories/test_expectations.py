"""Each expectation of a story that is not met is a sentence; one that is met says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from engine.authoring.stories.expectations import differences
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import StoryStep
from engine.kernel.refusal import Refusal


@pytest.fixture
def accepted(stage: Stage) -> Stage:
    """Return the stage when the visit waits for its two errands."""
    for do in ("report", "accept"):
        case = stage.case()
        assert case is not None
        assert not isinstance(stage.take(case, StoryStep(line=1, do=do)), Refusal)
    return stage


def said(stage: Stage, then: dict[str, Any], child: str | None = None) -> list[str]:
    case = stage.case(child)
    assert case is not None
    return [str(one) for one in differences(stage, case, then)]


@pytest.mark.parametrize(
    "then",
    [
        {},
        {"state": "there", "task": "clerk"},
        {"state": "待走访", "task": ["经办人"]},
        {"deadline": {"there": "2024-10-18"}},
        {"deadline": {"待走访": "2024-10-18"}},
        {"children": {}},
    ],
)
def test_what_is_as_expected_says_nothing(stage: Stage, then: dict[str, Any]) -> None:
    assert said(stage, then) == []


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        ({"state": "done"}, "应在环节“done”，实在“待走访”（there）"),
        ({"task": None}, "待办应在，实在clerk"),
        ({"task": "chief"}, "待办应在chief，实在clerk"),
        ({"deadline": {"there": "无"}}, "时限“there”应到无，实到2024-10-18"),
        ({"deadline": {"别的": "2024-10-18"}}, "时限“别的”应到2024-10-18，实到—"),
        ({"message": "甲乙丙"}, "应有消息“甲乙丙”，没有"),
        ({"paper": ["notice"]}, "应有文书“notice”，实有"),
        ({"published": "result"}, "应已公示“result”，实有"),
        ({"withdrawn": "result"}, "应已撤下公示“result”，实已撤下"),
        ({"archived": True}, "案卷应已归档，没有"),
        ({"forms": "note"}, "应已填表单“note”，实填"),
        ({"fields": {"数量": 3}}, "字段“数量”应是3，实是None"),
        ({"parties": {"甲方": 1}}, "“甲方”应是1，实是"),
        ({"children": {"errand": 1}}, "子案件“errand”应有 1 件，实有 0 件"),
    ],
)
def test_what_is_otherwise_is_a_sentence(stage: Stage, then: dict[str, Any], sentence: str) -> None:
    assert said(stage, then) == [sentence]


def test_what_a_step_has_brought_about(accepted: Stage) -> None:
    met = {
        "state": "等待子件",
        "task": None,
        "deadline": {"there": None},
        "published": "result",
        "children": {"errand": 2},
    }
    assert said(accepted, met) == []
    assert said(accepted, {"children": {"errand": 3}, "published": ["result", "plan"]}) == [
        "子案件“errand”应有 3 件，实有 2 件",
        "应已公示“plan”，实有result",
    ]
    assert said(accepted, {"state": "open", "task": "clerk"}, "errand") == []


def test_forms_facts_and_parties_of_a_step(stage: Stage) -> None:
    case = stage.case()
    assert case is not None
    assert not isinstance(stage.take(case, StoryStep(line=1, do="report", answers={"count": 4})), Refusal)
    assert said(stage, {"forms": ["记录"], "fields": {"count": 4}, "archived": False}) == []
    assert said(stage, {"forms": "note", "fields": {"数量": 5}, "published": "result"}) == [
        "字段“数量”应是5，实是4",
        "应已公示“result”，实有",
    ]
