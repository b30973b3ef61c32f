"""Answers as a form shows them filled in: the reverse of what was typed as answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.lifecycle.forms.answers import UNANSWERED, row_in_full
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.web.forms.answers import PREFIX, reason_name
from engine.web.forms.typed import Typed


def typed_of(form: Form, item_forms: Sequence[Form], answers: Mapping[str, Any], zone: ZoneInfo) -> Typed:
    """Return what somebody would have typed to give these answers; what does not fit the form is left out."""
    texts: dict[str, list[str]] = {}
    _form(texts, form, answers, PREFIX, zone)
    given_items = answers.get("items")
    items: Mapping[str, Any] = given_items if isinstance(given_items, Mapping) else {}
    for item in item_forms:
        given = items.get(item.id)
        if isinstance(given, Mapping):
            _form(texts, item, given, f"{PREFIX}items.{item.id}.", zone)
    return Typed(texts)


def _form(
    texts: dict[str, list[str]], form: Form, answers: Mapping[str, Any], prefix: str, zone: ZoneInfo
) -> None:
    for asked in form.fields:
        if asked.computed is None and asked.name in answers:
            _field(texts, asked, answers[asked.name], prefix + asked.name, zone)
    given_reasons = answers.get(UNANSWERED)
    reasons: Mapping[str, Any] = given_reasons if isinstance(given_reasons, Mapping) else {}
    for asked in form.fields:
        if asked.recommended and isinstance(reasons.get(asked.name), str):
            texts[reason_name(prefix, asked)] = [reasons[asked.name]]
    given_rows = answers.get("rows")
    rows: Mapping[str, Any] = given_rows if isinstance(given_rows, Mapping) else {}
    for row in form.rows:
        given = row_in_full(rows.get(row.id))
        for key in ("answer", *(part.name for part in ROW_PARTS)):
            if isinstance(given.get(key), str):
                texts[f"{prefix}rows.{row.id}.{key}"] = [given[key]]


def _field(texts: dict[str, list[str]], asked: Field, value: Any, name: str, zone: ZoneInfo) -> None:
    if asked.type is FieldType.LIST and asked.columns:
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        texts[f"{name}.count"] = [str(len(rows) or 1)]
        for number, row in enumerate(rows):
            for column in asked.columns:
                if column.answered and column.name in row:
                    _field(texts, column, row[column.name], f"{name}.{number}.{column.name}", zone)
        return
    many = value if isinstance(value, list) else [value]
    files = [one for one in many if isinstance(one, Mapping)]
    if files:
        texts[f"{name}.name"] = [str(one.get("name", "")) for one in files]
        texts[f"{name}.sha256"] = [str(one.get("sha256", "")) for one in files]
        return
    plain = [_text(asked, one, zone) for one in many if one is not None]
    one_each = asked.type is FieldType.CHOICES
    texts[name] = plain if one_each else ["\n".join(plain)]


def _text(asked: Field, value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if asked.type is FieldType.DATETIME and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return value
        # A browser asks for the time without a zone: that of the bureau is meant.
        return (at.astimezone(zone) if at.tzinfo else at).strftime("%Y-%m-%dT%H:%M")
    return str(value)
