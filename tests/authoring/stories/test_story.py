"""A file of stories becomes values; what cannot be understood is said with its line."""

from __future__ import annotations

import pytest

from engine.authoring.stories.story import Story, StoryError, StoryStep, read_stories

ENGLISH = """\
test: referral
excused: {state.closed: 由别的流程办}
stories:
  - story: first
    given: {on: 2024-09-20, fields: {matter: 甲}}
    when:
      - {do: draft, by: anna, answers: {n: 3}, reason: 因, then: {state: sent}}
      - {wait: 3 working days}
  - story: second
    begins_with: first
    when: [{do: close, case: callback, refused: 不能}]
"""
CHINESE = """\
测试: referral
不测: {state.closed: 由别的流程办}
故事:
  - 名称: first
    给定: {日期: 2024-09-20, 字段: {matter: 甲}}
    当:
      - {办理: draft, 谁: anna, 答案: {n: 3}, 理由: 因, 则: {环节: sent}}
      - {等: 3 working days}
  - 名称: second
    先有: first
    当: [{办理: close, 案件: callback, 退回: 不能}]
"""


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_both_languages_give_the_same_stories(text: str) -> None:
    found = read_stories("a.yaml", text.encode())
    assert (found.file, found.workflow) == ("a.yaml", "referral")
    assert found.excused == {"state.closed": "由别的流程办"}
    first, second = found.stories
    assert (first.name, first.line, first.begins_with) == ("first", 4, None)
    assert first.given["fields"] == {"matter": "甲"}
    assert first.steps == (
        StoryStep(line=7, do="draft", by="anna", answers={"n": 3}, reason="因", then={"state": "sent"}),
        StoryStep(line=8, wait="3 working days"),
    )
    assert second == Story(
        "second", 9, {}, (StoryStep(line=11, do="close", case="callback", refused="不能"),), "first"
    )


def test_a_story_is_found_by_its_name() -> None:
    found = read_stories("a.yaml", ENGLISH.encode())
    assert found.story("second") is found.stories[1]
    assert found.story("third") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "里面没有故事"),
        ("- a\n", "里面没有故事"),
        ("test: x\n", "请写 test"),
        ("test: x\nstories: {}\n", "请写 test"),
        ("stories: []\n", "请写 test"),
        ("test: x\nmore: 1\nstories: []\n", "2：此处没有“more”这个键"),
        ("test: x\nstories: [甲]\n", "2：此处应是一组"),
        ("test: x\nstories:\n  - {story: a, given: 1}\n", "3：此处应是一组"),
        ("test: x\nstories:\n  - {story: a, when: [{by: b}]}\n", "3：每一步写 do"),
        ("test: x\nstories:\n  - {story: a, when: [{do: b, wait: 1 day}]}\n", "3：每一步写 do"),
        ("test: x\nstories:\n  - {story: a, when: [{do: b, then: {stat: c}}]}\n", "没有“stat”这个键"),
        ("test: x\nstories:\n  - {story: a, begins_with: b}\n", "3：没有故事“b”"),
        ("test: x\nstories:\n  - {story: a, begins_with: a}\n", "3：没有故事“a”"),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_place(text: str, words: str) -> None:
    with pytest.raises(StoryError) as told:
        read_stories("a.yaml", text.encode())
    assert words in str(told.value)
    assert str(told.value) == str(told.value.message)
    assert "a.yaml" in str(told.value)


def test_closed_children_are_a_number_or_say_what_they_have() -> None:
    text = """\
测试: referral
故事:
  - 名称: first
    给定: {已办结子案件: {errand: 3, visit: {件数: 2, 字段: {count: 1}, 表单: {note: {found: 甲}}}}}
    当: []
"""
    (found,) = read_stories("a.yaml", text.encode()).stories
    assert found.given["closed_children"] == {
        "errand": {"count": 3},
        "visit": {"count": 2, "fields": {"count": 1}, "forms": {"note": {"found": "甲"}}},
    }
    with pytest.raises(StoryError, match="此处没有“form”这个键"):
        read_stories("a.yaml", text.replace("表单", "form").encode())
