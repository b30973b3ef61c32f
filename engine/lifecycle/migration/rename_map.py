"""What is called otherwise in the version a case goes to: old id -> new id, kind by kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.lifecycle.model.workflow import Workflow

#: The first part of the name of a fact the case keeps, where fields of forms have the id of their form.
CASE = "case"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameMap:
    """Old id -> new id. What is not in it keeps its id."""

    states: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, str] = field(default_factory=dict)
    #: ``FORM.FIELD``, ``FORM.LIST.COLUMN``, ``FORM.rows.ROW`` (by the old ids), or ``case.FACT`` -> the new id of the last part.
    fields: Mapping[str, str] = field(default_factory=dict)
    #: The same names of fields and columns -> old answer -> new answer.
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; kinds of which nothing is renamed are left out."""
        found: dict[str, Any] = {}
        for kind in KINDS:
            renamed: Mapping[str, Any] = getattr(self, kind)
            if renamed:
                found[kind] = {
                    old: dict(new) if isinstance(new, Mapping) else new for old, new in renamed.items()
                }
        return found

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> RenameMap:
        """Return what `as_json` gave. Raises KeyError for a kind there is not."""
        if unknown := sorted(set(body) - set(KINDS)):
            raise KeyError(unknown[0])
        return cls(**{kind: dict(body[kind]) for kind in body})

    def field_of(self, form: str, name: str) -> str:
        """Return what the field `name` of the old `form` is called now; of a list (``FORM.LIST``) the column, of ``FORM.rows`` the row."""
        return self.fields.get(f"{form}.{name}", name)


def with_clocks_of_states(renames: RenameMap, old: Workflow, new: Workflow) -> RenameMap:
    """Return the map with the deadlines of the states that are called otherwise: such a deadline has no id but that of its state.

    What is said of a deadline by its own id goes first. A state that becomes one there was beside it takes that one's deadline.
    """
    taken = set(renames.clocks.values())
    implied = {
        before: after
        for before, after in renames.states.items()
        if before in old.clocks
        and before not in renames.clocks
        and after in new.clocks
        and after in new.states
        and after not in old.states
        and after not in taken
    }
    return replace(renames, clocks={**implied, **renames.clocks}) if implied else renames


#: The kinds of ids that can be renamed, as they stand in files and options.
KINDS = tuple(each.name for each in fields(RenameMap))
