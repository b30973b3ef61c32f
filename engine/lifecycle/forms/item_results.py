"""What one sheet for all items of a visit says of each item: its rows, and what was found in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.row_parts import FAIL, problem_of
from engine.lifecycle.model.form import CheckRow, Form

_PASS, _NOT_APPLICABLE = "pass", "n/a"


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One item of a case: its code, its name, the section it belongs to, and the form it is checked by."""

    code: str
    name: str
    section: str
    form: str


@dataclass(frozen=True, slots=True)
class ItemRows:
    """The rows of a form that belong to one item; `item` is None for those that belong to none in particular."""

    item: DrawnItem | None
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What was found of one item. `answer` is one of those of a row; None as long as a row is not answered."""

    item: DrawnItem
    answer: str | None
    #: Rows that were asked, and answers to the rows that are not as they should be.
    asked: int
    problems: tuple[Mapping[str, Any], ...]


def rows_by_item(form: Form, items: Sequence[DrawnItem]) -> tuple[ItemRows, ...]:
    """Return the rows of `form` that are asked of `items`, each once: under the first item it belongs to.

    Rows that belong to no item in particular come last, under the item where only one is checked by the form.
    """
    mine = [item for item in items if item.form == form.id]
    asked = form_of_items(form, [item.code for item in items]).rows
    found: list[ItemRows] = []
    left = list(asked)
    for item in mine:
        rows = tuple(row for row in left if item.code in row.items)
        left = [row for row in left if row not in rows]
        if rows:
            found.append(ItemRows(item, rows))
    if left:
        found.append(ItemRows(mine[0] if len(mine) == 1 and not found else None, tuple(left)))
    return tuple(found)


def item_results(
    forms: Mapping[str, Form], items: Sequence[DrawnItem], answers: Mapping[str, Any]
) -> tuple[ItemResult, ...]:
    """Return what the answers to a sheet say of each item of the case, in the order of the items.

    A row that belongs to several items counts for each; one that belongs to none in particular for all of its form.
    Items whose form is not in `forms` have no rows, and so no answer.
    """
    given = answers.get("items") or {}
    return tuple(
        _result(item, _rows(forms.get(item.form), item, items), given.get(item.form) or {}) for item in items
    )


def _rows(form: Form | None, item: DrawnItem, items: Sequence[DrawnItem]) -> tuple[CheckRow, ...]:
    if form is None:
        return ()
    asked = form_of_items(form, [one.code for one in items]).rows
    named = any(item.code in row.items for row in asked)
    # Of a bureau with codes of its own no row names an item: all are asked, for each item of the form.
    return tuple(row for row in asked if not row.items or item.code in row.items or not named)


def _result(item: DrawnItem, rows: tuple[CheckRow, ...], given: Mapping[str, Any]) -> ItemResult:
    answered = [(row, (given.get("rows") or {}).get(row.id)) for row in rows]
    problems = tuple(problem_of(row, said) for row, said in answered if said and said["answer"] == FAIL)
    answers = [said["answer"] if said else None for _, said in answered]
    if problems:
        answer: str | None = FAIL
    elif not answers or None in answers:
        answer = None
    else:
        answer = _NOT_APPLICABLE if set(answers) == {_NOT_APPLICABLE} else _PASS
    return ItemResult(item, answer, len(rows), problems)
