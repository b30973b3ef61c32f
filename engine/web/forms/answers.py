"""What was typed as answers of a form: by the types of its fields, with nothing guessed and nothing filled in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.lifecycle.forms.answers import UNANSWERED
from engine.lifecycle.forms.fields import typed_text
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.web.forms.typed import Typed

#: Names of the parts of a form begin with it.
PREFIX = "q."
#: Rows of a list that are looked for.
MAX_ROWS = 500


def answers_of(form: Form, item_forms: Sequence[Form], typed: Typed) -> dict[str, Any]:
    """Return the answers of a form and of the item forms beside it, as the command takes them; blank ones left out."""
    found = _of_form(form, typed, PREFIX)
    if item_forms:
        found["items"] = {item.id: _of_form(item, typed, f"{PREFIX}items.{item.id}.") for item in item_forms}
    return found


def _of_form(form: Form, typed: Typed, prefix: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for asked in form.fields:
        if asked.answered and (value := _of_field(asked, typed, prefix + asked.name)) not in (
            "",
            [],
            None,
        ):
            found[asked.name] = value
    reasons = {
        asked.name: text
        for asked in form.fields
        if asked.recommended and asked.name not in found and (text := reason_typed(typed, prefix, asked))
    }
    if reasons:
        found[UNANSWERED] = reasons
    if form.rows:
        found["rows"] = {
            row.id: answered for row in form.rows if (answered := _of_row(typed, f"{prefix}rows.{row.id}"))
        }
    return found


def reason_name(prefix: str, asked: Field) -> str:
    """Return the name under which the reason is typed why a question stays empty."""
    return f"{prefix}{UNANSWERED}.{asked.name}"


def reason_typed(typed: Typed, prefix: str, asked: Field) -> str:
    """Return the reason why a question stays empty; "" where none was typed."""
    return typed.one(reason_name(prefix, asked)).strip()


def _of_row(typed: Typed, name: str) -> dict[str, str]:
    keys = ("answer", *(part.name for part in ROW_PARTS))
    return {key: text for key in keys if (text := typed.one(f"{name}.{key}").strip())}


def _of_field(asked: Field, typed: Typed, name: str) -> Any:
    match asked.type:
        case FieldType.CHOICES:
            return typed.all(name)
        case FieldType.NOTE:
            return None
        case FieldType.FILES | FieldType.PHOTOS:
            return [_file(one) for one in files_typed(typed, name, several=True)]
        case FieldType.FILE | FieldType.PHOTO | FieldType.SIGNATURE:
            files = files_typed(typed, name, several=False)
            return _file(files[0]) if files else None
        case FieldType.LIST if asked.columns:
            return _table(asked, typed, name)
        case FieldType.LIST | FieldType.PERSONS:
            return typed_text(asked, "\n".join(typed.all(name)))
        case _:
            return typed_text(asked, typed.one(name))


def _file(named: tuple[str, str]) -> dict[str, str]:
    return {"name": named[0], "sha256": named[1]}


def files_typed(typed: Typed, name: str, *, several: bool) -> list[tuple[str, str]]:
    """Return (name, SHA-256) of the files of a question: those of before that were not struck out, then those chosen now that were not.

    Where there is one file, one that is chosen now takes the place of the one before.
    """
    chosen = [(one.name, one.sha256) for one in typed.files.get(name, ())]
    struck = frozenset(typed.texts.get(f"{name}.drop", ()))
    before = zip(typed.texts.get(f"{name}.name", ()), typed.texts.get(f"{name}.sha256", ()), strict=False)
    kept = [(title, digest) for title, digest in before if digest not in struck]
    there = {digest for _, digest in kept}
    new = [(title, digest) for title, digest in chosen if not several or digest not in there]
    return [*kept, *new] if several else [*kept, *new][-1:]


def _table(asked: Field, typed: Typed, name: str) -> list[dict[str, Any]]:
    rows = []
    for number in range(rows_typed(typed, name)):
        row = {
            column.name: value
            for column in asked.columns
            if column.answered
            and (value := _of_field(column, typed, f"{name}.{number}.{column.name}")) not in ("", [], None)
        }
        if row:
            rows.append(row)
    return rows


def rows_typed(typed: Typed, name: str) -> int:
    """Return how many rows of a list the form had."""
    text = typed.one(f"{name}.count")
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
