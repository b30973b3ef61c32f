"""What is typed for a question."""

from __future__ import annotations

import pytest

from engine.cli.cases.answers.typed_answer import matching, typed_answer
from engine.lifecycle.model.form import Field, FieldType

CHOICES = {"wages": "欠薪", "hours": "超时加班", "none": "没有"}


def asked(kind: str, choices: dict[str, str] | None = None) -> Field:
    return Field(name="x", title="问题", type=FieldType(kind), choices=choices or {})


@pytest.mark.parametrize("text", ["1", "wages", "欠薪", "欠", "WAGE"])
def test_a_choice_is_its_number_code_text_or_part_of_it(text: str) -> None:
    assert typed_answer(asked("choice", CHOICES), text, CHOICES) == "wages"


def test_what_fits_nothing_is_kept_to_be_refused_later() -> None:
    assert typed_answer(asked("choice", CHOICES), "别的", CHOICES) == "别的"
    assert typed_answer(asked("integer"), "三", {}) == "三"
    for text in ("none.jpg", "~nobody/a.jpg", "a\0b", "x" * 5000):
        assert typed_answer(asked("photo"), text, {}) == text


def test_several_choices_are_separated_by_commas_or_blanks() -> None:
    assert typed_answer(asked("choices", CHOICES), "1，加班 none", CHOICES) == ["wages", "hours", "none"]
    spaced = {"a": "甲 项", "b": "乙"}
    assert typed_answer(asked("choices", spaced), "甲 项", spaced) == ["a"]


@pytest.mark.parametrize("kind", ["list", "persons", "files", "photos"])
def test_entries_stand_one_a_line(kind: str) -> None:
    text = "工资台账 2024年1月，共12份\n\n 社保、合同 "
    assert typed_answer(asked(kind), text, {}) == ["工资台账 2024年1月，共12份", "社保、合同"]


def test_a_long_list_is_searched_by_code_and_text() -> None:
    assert list(matching(CHOICES, "O")) == ["hours", "none"]
    assert list(matching(CHOICES, "薪")) == ["wages"]
