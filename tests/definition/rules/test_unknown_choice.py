"""What is compared with a choice, and what a choice is given, is one of its codes."""

from __future__ import annotations

import pytest
from definition_examples import lines_of, load_example

from engine.definition.rules.unknown_choice import RULE

TEXT = """\
fields:
  - way: {title: 方式, choices: {onsite: 现场, written: 书面, phone: 电话}}
  - part: {title: 方式, choices: {onsite: 现场, phone: 电话}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    WHEN
    then: [{EFFECT}]
"""


@pytest.mark.parametrize(
    ("effect", "when", "named"),
    [
        ("set: {way: = form.method}", "", False),
        ("set: {way: = case.part}", "", False),
        # Some of its codes are no codes of the field.
        ("set: {part: = form.method}", "", True),
        ("set: {part: = case.way}", "", True),
        # Only those come that can be kept.
        ("set: {part: = case.way}", "when: case.way != 'written'", False),
        ("set: {part: = form.method}, when: form.method == 'onsite'", "", False),
    ],
)
def test_a_choice_is_given_what_it_can_be(effect: str, when: str, named: bool) -> None:
    text = TEXT.replace("    WHEN\n", f"    {when}\n" if when else "").replace("EFFECT", effect)
    line = text.splitlines().index(f"    then: [{{{effect}}}]") + 1
    assert lines_of(RULE.id, text) == ([line] if named else [])


def test_another_list_of_codes_is_named_with_its_codes() -> None:
    text = TEXT.replace("    WHEN\n", "").replace("EFFECT", "set: {way: = form.result}")
    (problem,) = [one for one in load_example(text).problems if one.rule == "type-mismatch"]
    assert problem.message.render("zh_CN") == (
        "“form.result”是选项（no_problem、problem），不能记到“方式”里：那里是选项（onsite、written、phone）"
    )


def test_only_the_answers_that_can_come_count() -> None:
    text = """\
fields:
  - kept: {title: 结果, choices: {problem: 发现问题}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {kept: = form.result}, when: form.result == 'problem'}
      - {set: {kept: = form.result}}
"""
    assert lines_of(RULE.id, text) == [11]


def test_what_is_typed_in_freely_is_no_choice() -> None:
    text = """\
fields:
  - kept: {title: 方式, choices: {onsite: 现场, written: 书面}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {set: {kept: VALUE}}
"""
    assert lines_of(RULE.id, text.replace("VALUE", "= form.witness")) == [10]
    assert lines_of(RULE.id, text.replace("VALUE", "= form.method")) == []
