"""What a row can be made of, and values as they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.condition_rows.choosing import (
    OF_SEVERAL,
    OPERATORS,
    RowQuestion,
    forms_filled,
    name_of,
    questions_for,
    typed_values,
    value_of,
)
from engine.definition.condition_rows.rows import ConditionRow, RowOperator, rows_of, written
from engine.definition.file_discovery import definition_files
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.definition.types import ANY, BOOLEAN, DATE, NUMBER, TEXT, list_of
from engine.lifecycle.expressions.expression import Literal

QUESTIONS = [
    RowQuestion("form.a", "甲", TEXT, {"x": "某", "y": "另"}),
    RowQuestion("form.n", "数", NUMBER),
    RowQuestion("form.d", "日", DATE),
    RowQuestion("form.b", "否", BOOLEAN),
    RowQuestion("form.l", "列", list_of(TEXT)),
    RowQuestion("form.z", "任", ANY),
]


def test_every_operator_has_a_name_and_every_type_some() -> None:
    assert set(OPERATORS) == set(RowOperator)
    for question in QUESTIONS:
        assert question.operators
    assert RowOperator.LESS in QUESTIONS[1].operators
    assert RowOperator.LESS not in QUESTIONS[0].operators
    assert RowOperator.YES in QUESTIONS[3].operators
    assert RowOperator.HAS in QUESTIONS[4].operators
    assert set(QUESTIONS[5].operators) == set(RowOperator)


@pytest.mark.parametrize(
    ("typed", "operator", "question", "value"),
    [
        (["x"], RowOperator.IS, QUESTIONS[0], "'x'"),
        (["x", "y"], RowOperator.ONE_OF, QUESTIONS[0], "['x', 'y']"),
        (["x，y"], RowOperator.ONE_OF, QUESTIONS[0], "['x', 'y']"),
        (["3"], RowOperator.MORE, QUESTIONS[1], "3"),
        (["3"], RowOperator.IS, QUESTIONS[0], "'3'"),
        (["2024-04-20"], RowOperator.AT_MOST, QUESTIONS[2], "'2024-04-20'"),
        (["= today"], RowOperator.AT_MOST, QUESTIONS[2], "today"),
        (["true"], RowOperator.IS, QUESTIONS[3], "true"),
        (["  "], RowOperator.IS, QUESTIONS[0], None),
        (["= ("], RowOperator.IS, QUESTIONS[0], None),
        (["= form.a == 1"], RowOperator.IS, QUESTIONS[0], None),
        ([], RowOperator.FILLED, QUESTIONS[0], ""),
    ],
)
def test_what_is_typed_as_a_value(
    typed: list[str], operator: RowOperator, question: RowQuestion, value: str | None
) -> None:
    assert value_of(typed, operator, question) == value


_LITERALS = st.one_of(st.text("abx, ='\"12三，", max_size=6), st.integers(-99, 99), st.booleans())


@given(
    st.sampled_from([*QUESTIONS, None]),
    st.sampled_from([one for one in RowOperator if not one.alone]),
    st.lists(_LITERALS, min_size=1, max_size=3),
)
def test_a_value_that_is_shown_is_typed_back_the_same(
    question: RowQuestion | None, operator: RowOperator, values: list[object]
) -> None:
    texts = [written(Literal(value)) or "" for value in values]  # type: ignore[arg-type]
    value = f"[{', '.join(texts)}]" if operator in OF_SEVERAL else texts[0]
    row = ConditionRow("form.a", operator, value)
    assert value_of(typed_values(row, question), operator, question) == value


def test_the_questions_of_a_shipped_step() -> None:
    loaded = load_paths([*definition_files(workflows_dir()), *definition_files(forms_dir())])
    workflow = loaded.workflows["inspection"]
    names = forms_filled(workflow)
    assert len(names) == len(set(names))
    assert "onsite_check" in names
    questions = questions_for(workflow, loaded.forms, "onsite_check")
    paths = [one.path for one in questions]
    assert {
        "form.visited_on",
        "case.outcome",
        "today",
        "length(inspectors)",
        "length(form.signed_by)",
    } <= set(paths)
    assert len(paths) == len(set(paths))
    assert not any(path.startswith("forms.onsite_check.") for path in paths)
    assert name_of("form.visited_on", questions) != "form.visited_on"
    assert name_of("form.nothing", questions) == "form.nothing"
    # Each can be asked: what its row says is read as a row again.
    for one in questions:
        row = ConditionRow(one.path, one.operators[-1], "3" if one.counts else "'x'")
        assert rows_of(row.text) is not None, one.path
    assert questions_for(None, {}, "")[0].path == "today"
