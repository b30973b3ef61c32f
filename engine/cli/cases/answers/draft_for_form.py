"""What of a draft has a place in the forms as they are now: the rest could neither be handed in nor be asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.lifecycle.forms.answers import UNANSWERED
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, Form

#: A name, with those above it before it, and what was answered under it.
Left = tuple[str, Any]


def fitting(
    form: Form, item_forms: Sequence[Form], answers: Mapping[str, Any], held: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Left]]:
    """Return the answers that have a place, and those that have none; `held` cannot be answered now and stays as it is."""
    left: list[Left] = []
    kept = _of_form(form, answers, "", left, with_items=bool(item_forms))
    changed = [name for name in kept if name in held and kept[name] != held[name]]
    left += [(name, kept.pop(name)) for name in changed]
    if "items" in kept:
        kept["items"] = dict(_items(item_forms, kept["items"], left))
    return kept, left


def _items(item_forms: Sequence[Form], items: Any, left: list[Left]) -> Iterator[tuple[str, Any]]:
    known = {item.id: item for item in item_forms}
    for name, inner in _entries(items, "items", left):
        item = known.get(name)
        if item is None or not isinstance(inner, Mapping):
            left.append((f"items.{name}", inner))
        else:
            yield name, _of_form(item, inner, f"items.{name}.", left)


def _of_form(
    form: Form, answers: Mapping[str, Any], above: str, left: list[Left], *, with_items: bool = False
) -> dict[str, Any]:
    """Return the answers to one form that have a place in it."""
    asked = {one.name: one for one in form.fields if one.answered}
    ids = {one.alias: one.name for one in asked.values() if one.alias is not None}
    recommended = {one.name for one in asked.values() if one.recommended}
    kept: dict[str, Any] = {}
    for key, value in answers.items():
        name = ids.get(key, key)
        if name in asked and (name == key or name not in answers):
            kept[name] = _of_question(asked[name], value, f"{above}{name}", left)
        elif name == "rows" and form.rows:
            kept[name] = dict(_rows(form, value, f"{above}rows", left))
        elif name == "items" and with_items:
            kept[name] = value
        elif name == UNANSWERED and recommended and isinstance(value, Mapping):
            kept[name] = {one: why for one, why in value.items() if one in recommended}
            left += [(f"{above}{name}.{one}", why) for one, why in value.items() if one not in recommended]
        else:
            left.append((f"{above}{key}", value))
    return kept


def _rows(form: Form, rows: Any, above: str, left: list[Left]) -> Iterator[tuple[str, Any]]:
    """Yield the answers to check rows that are still asked, each with the parts a row has."""
    known = {row.id for row in form.rows}
    parts = {"answer", *(part.name for part in ROW_PARTS)}
    for name, given in _entries(rows, above, left):
        if name not in known or not isinstance(given, str | Mapping):
            left.append((f"{above}.{name}", given))
            continue
        answer = {"answer": given} if isinstance(given, str) else given
        left += [(f"{above}.{name}.{part}", said) for part, said in answer.items() if part not in parts]
        yield name, {part: said for part, said in answer.items() if part in parts}


def _of_question(asked: Field, value: Any, where: str, left: list[Left]) -> Any:
    """Return an answer; of rows only the columns there are."""
    if not asked.columns or not isinstance(value, list):
        return value
    columns = {one.name: one for one in asked.columns if one.answered}
    ids = {one.alias: one.name for one in columns.values() if one.alias is not None}
    rows: list[Any] = []
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            left.append((f"{where}.{number}", row))
            continue
        kept: dict[str, Any] = {}
        for key, cell in row.items():
            name = ids.get(key, key)
            place = f"{where}.{number}.{name}"
            if name in columns and (name == key or name not in row):
                kept[name] = _of_question(columns[name], cell, place, left)
            else:
                left.append((place, cell))
        if kept:
            rows.append(kept)
    return rows


def _entries(value: Any, where: str, left: list[Left]) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [(str(name), inner) for name, inner in value.items()]
    left.append((where, value))
    return []
