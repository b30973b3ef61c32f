"""What is at a place of a form that a `RenameMap` names: ``FIELD``, ``LIST.COLUMN``, ``rows.ROW``. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.lifecycle.migration.rename_map import CASE, RenameMap
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Workflow


def names_beside(workflow: Workflow, name: str) -> Mapping[str, Field | None]:
    """Return what there is beside the place called `name` (``FORM.FIELD``, ``FORM.LIST.COLUMN``, ``FORM.rows.ROW``, ``case.FACT``).

    Names by the ids answers are kept under; None is a check row. Empty where there is no such form or list.
    """
    head, *path = name.split(".")
    form = workflow.forms.get(head)
    if path[:1] == ["rows"]:
        return {} if form is None or len(path) != 2 else {row.id: None for row in form.rows}
    fields: Sequence[Field] = () if form is None else form.fields
    if head == CASE:
        fields = tuple(workflow.fields.values())
    for step in path[:-1]:
        fields = next((one.columns for one in fields if one.name == step), ())
    return {one.name: one for one in fields} if path else {}


def place_of_today(renames: RenameMap, name: str) -> str:
    """Return what the place called `name` is called in the new version, but for its last part: its form and lists renamed."""
    head, *path = name.split(".")
    found, key = renames.forms.get(head, head), head
    for step in path[:-1]:
        found, key = f"{found}.{renames.field_of(key, step)}", f"{key}.{step}"
    return f"{found}.{path[-1]}" if path else found
