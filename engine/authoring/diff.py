"""What changed between two versions of a workflow: states, steps, clocks, forms and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.authoring.diff_renames import new_names, with_new_names
from engine.authoring.diff_words import (
    Shown,
    details,
    is_renamed,
    keys_that_differ,
    pair,
    said,
    same,
    steps_apart,
)
from engine.language import Message, say
from engine.lifecycle.model.workflow import Workflow


class Sort(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    #: `keys` holds the id it had before.
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One difference. `part` is states, transitions, clocks, forms, parties, fields or workflow."""

    part: str
    id: str
    sort: Sort
    #: changed: the keys that differ.
    keys: tuple[str, ...] = ()
    #: changed: (before, after) of each of the keys, where they can be said in a few words; else None.
    values: tuple[tuple[Shown, Shown] | None, ...] = ()
    #: changed: what is gone from the lists among them, and what has come.
    details: tuple[Message, ...] = ()

    @property
    def sentence(self) -> Message:
        """Return the difference in words."""
        what = _CALLED[self.part]
        if self.sort is Sort.ADDED:
            return say("新增{what}“{id}”", what=what, id=self.id)
        if self.sort is Sort.REMOVED:
            return say("删去{what}“{id}”", what=what, id=self.id)
        if self.sort is Sort.RENAMED:
            return say("{what}“{before}”改名为“{id}”", what=what, before=self.keys[0], id=self.id)
        if not self.keys:
            # A title, or several steps of one id: there are no keys to name.
            return say("改动{what}“{id}”", what=what, id=self.id)
        values = self.values or (None,) * len(self.keys)
        changes = [said(key, pair) for key, pair in zip(self.keys, values, strict=True)]
        return say("改动{what}“{id}”：{keys}", what=what, id=self.id, keys=changes)


_CALLED: Mapping[str, Message] = {
    "workflow": say("流程"),
    "states": say("环节"),
    "transitions": say("办理"),
    "clocks": say("时限"),
    "parties": say("参与人"),
    "fields": say("字段"),
    "forms": say("表单"),
}

#: The parts of a workflow that are compared each with its like, in this order.
_PARTS = ("states", "transitions", "clocks", "parties", "fields", "forms")


def compare(old: Workflow, new: Workflow) -> tuple[DefinitionChange, ...]:
    """Return the differences from `old` to `new`, in the order of the parts; empty when there are none."""
    found: list[DefinitionChange] = []
    before, names = old, new_names(old, new)
    old = with_new_names(old, names)
    top = tuple(name for name in keys_that_differ(old, new) if name not in (*_PARTS, "id"))
    if top:
        values = tuple(pair(getattr(old, name), getattr(new, name)) for name in top)
        inside = tuple(details(old, new, top))
        found.append(DefinitionChange("workflow", new.id, Sort.CHANGED, top, values, inside))
    for part in _PARTS:
        renamed = {"states": names.states, "clocks": names.clocks}.get(part, {})
        found += [
            DefinitionChange(part, after, Sort.RENAMED, (was,))
            for was, after in renamed.items()
            # The clock of a state is called as the state is.
            if part == "states" or was not in before.states
        ]
        found += _parts(part, _by_id(old, part), _by_id(new, part))
    return tuple(found)


def _by_id(workflow: Workflow, part: str) -> Mapping[str, Any]:
    if part != "transitions":
        found: Mapping[str, Any] = getattr(workflow, part)
        # What the engine adds (`void:paper`) is in no file.
        return {name: one for name, one in found.items() if ":" not in name} if part == "clocks" else found
    # Several transitions may share an id: they are distinguished by where they come from, and compared in order.
    steps: dict[str, Any] = {}
    for step in workflow.transitions:
        steps.setdefault(f"{step.id}（{'、'.join(step.sources)}）", []).append(step)
    return {name: tuple(same) if len(same) > 1 else same[0] for name, same in steps.items()}


def _parts(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[DefinitionChange]:
    renamed = _renamed(old, new)
    found = [DefinitionChange(part, name, Sort.RENAMED, (before,)) for before, name in renamed.items()]
    found += [
        DefinitionChange(part, name, Sort.ADDED)
        for name in new
        if name not in old and name not in renamed.values()
    ]
    found += [
        DefinitionChange(part, name, Sort.REMOVED) for name in old if name not in new and name not in renamed
    ]
    for name, before in old.items():
        if name in new and not same(before, new[name]):
            found.append(_changed(part, name, before, new[name]))
    return found


def _changed(part: str, name: str, before: Any, after: Any) -> DefinitionChange:
    keys = keys_that_differ(before, after)
    values = tuple(pair(getattr(before, key), getattr(after, key)) for key in keys)
    if keys:
        inside = tuple(details(before, after, keys))
    elif isinstance(before, str):
        # A party is its title.
        inside = (say("“{before}” → “{after}”", before=before, after=after),)
    else:
        both = [one if isinstance(one, tuple) else (one,) for one in (before, after)]
        inside = tuple(steps_apart(*both))
    return DefinitionChange(part, name, Sort.CHANGED, keys, values, inside)


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return what has another id and is otherwise the same: before -> after."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    found: dict[str, str] = {}
    for before in gone:
        for after in come:
            if after not in found.values() and is_renamed(old[before], new[after]):
                found[before] = after
                break
    return found
