"""What a field is called elsewhere than in the file of its case: by the newest version, or by one before it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Workflow

#: ``case``, a form, or one of these with a list of it (``form.list``) -> a name -> what its values are kept under.
FieldNames = Mapping[str, Mapping[str, str]]

#: The place of the facts of a case.
CASE = "case"
NO_NAMES: FieldNames = {}


def with_names_of(known: FieldNames, workflow: Workflow) -> dict[str, dict[str, str]]:
    """Return the names known before, and those of a newer version: where it calls another field so, it means that one."""
    found = {place: dict(names) for place, names in known.items()}
    _note(found, CASE, workflow.fields.values())
    for form in workflow.forms.values():
        _note(found, form.id, form.fields)
    return {place: names for place, names in found.items() if names}


def _note(found: dict[str, dict[str, str]], place: str, fields: Iterable[Field]) -> None:
    fields = tuple(fields)
    names = found.setdefault(place, {})
    for asked in fields:
        names.pop(asked.name, None)
        if asked.columns:
            _note(found, f"{place}.{asked.name}", asked.columns)
    # What a field is kept under is its own, unless the newest version calls another one so.
    names |= {asked.alias: asked.name for asked in fields if asked.alias is not None}


def named(fields: Iterable[Field], name: str, names: Mapping[str, str]) -> Field | None:
    """Return the field of a version that is called `name` in it, or by the newest version or one before."""
    fields = tuple(fields)
    by_name = {one.written: one for one in fields} | {one.name: one for one in fields}
    return by_name.get(names.get(name, name)) or by_name.get(name)


def kept_name(workflow: Workflow, name: str, names: FieldNames) -> str:
    """Return what a version keeps a fact under that the newest one, itself or one before calls `name`."""
    kept = names.get(CASE, {}).get(name)
    return kept if kept is not None and kept in workflow.fields else workflow.kept_name(name)


def under_all_names(place: str, values: Mapping[str, Any], names: FieldNames) -> Mapping[str, Any]:
    """Return the values of one place under the names they are kept under, and those they were or are called by.

    Where a name is given to one field and another is kept under it, it is the one the newest version calls so.
    """
    known = names.get(place, {})
    found = dict(values)
    for name, kept in known.items():
        if kept in values:
            found[name] = values[kept]
        else:
            found.pop(name, None)
    for kept, value in values.items():
        if f"{place}.{kept}" not in names or not isinstance(value, list):
            continue
        rows = [
            under_all_names(f"{place}.{kept}", row, names) if isinstance(row, Mapping) else row
            for row in value
        ]
        found |= {name: rows for name, other in found.items() if other is value}
    return found
