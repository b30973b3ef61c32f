"""Answers as people read them: titles of questions, words instead of codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.language import say
from engine.lifecycle.forms.answers import ROW_ANSWERS, ROW_CHOICES
from engine.lifecycle.model.form import Field, FieldType, Form


def shown_answers(
    form: Form, answers: Mapping[str, Any], item_forms: Sequence[Form] = ()
) -> list[tuple[str, str]]:
    """Return title and text of every answer that was given, in the order of the form."""
    return list(_of_form(form, answers, "")) + [
        line
        for item in item_forms
        for line in _of_form(item, (answers.get("items") or {}).get(item.id) or {}, f"{item.title} · ")
    ]


def shown_value(asked: Field, value: Any) -> str:
    """Return one answer as text."""
    if value is None:
        return ""
    if asked.type is FieldType.BOOLEAN:
        return str(say("是")) if value in (True, "true", "是") else str(say("否"))
    if isinstance(value, Mapping):
        return str(value.get("name", ""))
    if isinstance(value, (list, tuple)):
        if asked.columns:
            return "\n".join(_row(asked, row) for row in value if isinstance(row, Mapping))
        return "\n".join(
            asked.choices.get(str(one), str(one.get("name", "") if isinstance(one, Mapping) else one))
            for one in value
        )
    text = str(value)
    shown = asked.choices.get(text, text)
    return f"{shown} {asked.unit}" if asked.unit else shown


def _row(asked: Field, row: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{column.title} {shown_value(column, row[column.name])}"
        for column in asked.columns
        if column.name in row
    )


def _of_form(form: Form, answers: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for asked in form.fields:
        if asked.name in answers:
            yield before + asked.title, shown_value(asked, answers[asked.name])
    given_rows = answers.get("rows")
    rows: Mapping[str, Any] = given_rows if isinstance(given_rows, Mapping) else {}
    words = dict(zip(ROW_ANSWERS, map(str, ROW_CHOICES), strict=True))
    for row in form.rows:
        given = rows.get(row.id)
        if isinstance(given, Mapping):
            note = given.get("note")
            word = words.get(str(given.get("answer")), str(given.get("answer") or ""))
            yield before + row.title, f"{word}\n{note}" if note else word
