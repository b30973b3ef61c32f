"""The condition under which a question is asked, in words: questions by their titles, codes by their texts."""

from __future__ import annotations

from collections.abc import Iterable

from engine.definition.condition_rows.spoken import said
from engine.language import say, translate
from engine.lifecycle.model.form import Field, Form


def asked_when(form: Form, asked: Field, others: Iterable[Form] = ()) -> str:
    """Return the condition under which `form` asks a question, or a column of one of its lists; empty where it always does.

    `others` are the forms besides it that the condition may read.
    """
    if asked.relevant is None:
        return ""
    titles = {"today": str(say("今天"))}
    codes: dict[str, str] = {}
    read = {path for expression in asked.relevant.expressions() for path in expression.names()}
    row = _row_of(asked, form.fields)
    read_from = [("form", form.fields), ("it", row), *((f"forms.{one.id}", one.fields) for one in others)]
    for place, fields in read_from:
        for field in fields:
            path = (*place.split("."), field.written)
            titles[".".join(path)] = translate(field.title)
            if path in read:
                codes |= {code: translate(text) for code, text in field.choices.items()}
    return said(asked.relevant.expression, titles, codes)


def _row_of(asked: Field, fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the columns beside a column, in whatever list of `fields` it is; none of what is no column."""
    for one in fields:
        if any(asked is column for column in one.columns):
            return one.columns
        if found := _row_of(asked, one.columns):
            return found
    return ()
