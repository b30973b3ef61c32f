"""A version of a workflow as it would be if its states and clocks were called as they are now: what names them follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from engine.authoring.diff_words import is_renamed
from engine.lifecycle.expressions.expression import Compare, Expression, ListOf, Literal, Name
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.workflow import Workflow

#: The keys that name states, and those that name clocks.
_STATES = frozenset({"sources", "target", "during", "pauses_in", "to", "initial"})
_CLOCKS = frozenset({"clock", "on_expiry", "pauses"})
_STATE = ("case", "state")


@dataclass(frozen=True, slots=True)
class NewNames:
    """Old id -> new id, of states and of clocks; the clock of a state is called as the state is."""

    states: Mapping[str, str] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.states or self.clocks)


def new_names(old: Workflow, new: Workflow) -> NewNames:
    """Return which states and clocks of `old` have another id in `new` and are otherwise the same."""
    states = _pairs(old.states, new.states, states=True)
    follow = {name: after for name, after in states.items() if name in old.clocks}
    called = _with_keys(renamed(old.clocks, NewNames(states, follow)), follow)
    return NewNames(states, {**_pairs(called, new.clocks, states=False), **follow})


def with_new_names(workflow: Workflow, names: NewNames) -> Workflow:
    """Return a workflow that calls its states and clocks so, wherever it names them; their own parts keep their order."""
    if not names:
        return workflow
    found: Workflow = renamed(workflow, names)
    states = _with_keys(found.states, names.states)
    states = {name: replace(state, id=name) for name, state in states.items()}
    return replace(found, states=states, clocks=_with_keys(found.clocks, names.clocks))


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any], *, states: bool) -> dict[str, str]:
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    before, after = (NewNames(names if states else {}, names) for names in (_same(gone), _same(come)))
    found: dict[str, str] = {}
    for one in gone:
        for other in come:
            if other not in found.values() and is_renamed(
                renamed(old[one], before), renamed(new[other], after)
            ):
                found[one] = other
                break
    # Each was held against one of any new name: now against all of them together, until nothing falls out.
    while wrong := [
        one
        for one, other in found.items()
        if not is_renamed(renamed(old[one], NewNames(found if states else {}, found)), new[other])
    ]:
        for one in wrong:
            del found[one]
    return found


def _same(names: list[str]) -> dict[str, str]:
    return dict.fromkeys(names, "*")


def _with_keys(parts: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): one for name, one in parts.items()}


def renamed(value: Any, names: NewNames) -> Any:
    """Return a value with the names of states and clocks in it as `names` says; the value itself where it has none."""
    if isinstance(value, Name):
        if value.path[0] == "clocks" and len(value.path) > 1 and value.path[1] in names.clocks:
            return replace(value, path=("clocks", names.clocks[value.path[1]], *value.path[2:]))
        return value
    if isinstance(value, Compare) and any(_is_state(one) for one in (value.left, value.right)):
        left, right = _state(value.left, names), _state(value.right, names)
        same = left is value.left and right is value.right
        return value if same else replace(value, left=left, right=right)
    if isinstance(value, Mapping):
        made = {key: _at(key, one, names) for key, one in value.items()}
        return made if any(made[key] is not one for key, one in value.items()) else value
    if isinstance(value, (tuple, list)):
        several = [renamed(one, names) for one in value]
        if all(one is other for one, other in zip(several, value, strict=True)):
            return value
        return several if isinstance(value, list) else tuple(several)
    if is_dataclass(value) and not isinstance(value, type):
        return _inside(value, names)
    return value


def _inside(value: Any, names: NewNames) -> Any:
    changed = {}
    for each in fields(value):
        if each.init:
            own = getattr(value, each.name)
            made = _at(each.name, own, names)
            if made is not own:
                changed[each.name] = made
    if isinstance(value, ClockRule) and value.id in names.clocks:
        changed["id"] = names.clocks[value.id]
    if changed and isinstance(value, (Expression, Template)):
        changed["source"] = _text(value.source, names)
    return replace(value, **changed) if changed else value


def _at(key: object, value: Any, names: NewNames) -> Any:
    """Return what is at a key: names, where the key is one that holds them."""
    known = names.states if key in _STATES else names.clocks if key in _CLOCKS else None
    if known is None or value is None:
        return renamed(value, names)
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, (tuple, list, frozenset)) and not known.keys().isdisjoint(
        one for one in value if isinstance(one, str)
    ):
        return type(value)(known.get(one, one) if isinstance(one, str) else one for one in value)
    return renamed(value, names)


def _is_state(node: Any) -> bool:
    return isinstance(node, Name) and node.path == _STATE


def _state(node: Any, names: NewNames) -> Any:
    if isinstance(node, Literal) and isinstance(node.value, str):
        after = names.states.get(node.value)
        return node if after is None else replace(node, value=after)
    if isinstance(node, ListOf):
        items = tuple(_state(one, names) for one in node.items)
        kept = all(one is other for one, other in zip(items, node.items, strict=True))
        return node if kept else replace(node, items=items)
    return renamed(node, names)


def _text(source: str, names: NewNames) -> str:
    for before, after in names.clocks.items():
        source = re.sub(rf"(?<![\w.])clocks\.{re.escape(before)}(?!\w)", f"clocks.{after}", source)
    if ".".join(_STATE) in source:
        for before, after in names.states.items():
            source = re.sub(rf"(['\"]){re.escape(before)}\1", rf"\g<1>{after}\g<1>", source)
    return source
