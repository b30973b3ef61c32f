"""What changed between two versions of a workflow: states, steps, clocks, forms and the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

from engine.definition import keywords
from engine.language import Message, say
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.model.period_mark import PeriodMark, mark_text
from engine.lifecycle.model.workflow import Workflow
from engine.worktime.periods import Beside, OnDay, Period, YearDate


class Sort(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


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

    @property
    def sentence(self) -> Message:
        """Return the difference in words."""
        what = _CALLED[self.part]
        if self.sort is Sort.ADDED:
            return say("新增{what}“{id}”", what=what, id=self.id)
        if self.sort is Sort.REMOVED:
            return say("删去{what}“{id}”", what=what, id=self.id)
        if not self.keys:
            # A title, or several steps of one id: there are no keys to name.
            return say("改动{what}“{id}”", what=what, id=self.id)
        values = self.values or (None,) * len(self.keys)
        changes = [_said(key, pair) for key, pair in zip(self.keys, values, strict=True)]
        return say("改动{what}“{id}”：{keys}", what=what, id=self.id, keys=changes)


Shown = Message | str

#: What a key of the model is called in the language, where it is called otherwise.
_KEYS: Mapping[str, str] = {
    "limit": "deadline",
    "mark": "deadline",
    "first_day": "count_first_day",
    "audience": "for",
    "sources": "from",
    "target": "to",
    "start_by": "start",
    "start_form": "form",
}


def _said(key: str, pair: tuple[Shown, Shown] | None) -> Message:
    """Return one changed key as the language calls it, with what it was and what it is."""
    word = _KEYS.get(key, key)
    name = keywords.KEYS.get(word, (word,))[0]
    if pair is None:
        return say("{name}（{key}）", name=name, key=word)
    return say("{name}（{key}）{before} → {after}", name=name, key=word, before=pair[0], after=pair[1])


def _shown(value: Any) -> Shown | None:
    """Return a value in a few words; None for what is too much for a line."""
    if value is None or value == ():
        return say("（无）")
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, Period):
        return describe_period(value)
    if isinstance(value, Beside):
        values = {"clock": value.clock, "period": describe_period(value.period)}
        return say("“{clock}”后 {period}", **values) if value.after else say("“{clock}”前 {period}", **values)
    if isinstance(value, OnDay):
        return say("到期日")
    if isinstance(value, PeriodMark):
        return mark_text(value) or say("（法定）")
    if isinstance(value, YearDate):
        return say("{month} 月 {day} 日前", month=value.month, day=value.day)
    if isinstance(value, (str, int)):
        return say("“{text}”", text=value)
    if isinstance(value, (tuple, frozenset)) and all(isinstance(item, str) for item in value):
        return say("“{text}”", text=sorted(value) if isinstance(value, frozenset) else list(value))
    return None


def _pair(before: Any, after: Any) -> tuple[Shown, Shown] | None:
    old, new = _shown(before), _shown(after)
    return None if old is None or new is None else (old, new)


_CALLED: Mapping[str, Message] = {
    "workflow": say("流程"),
    "states": say("环节"),
    "transitions": say("办理"),
    "clocks": say("时限"),
    "parties": say("参与人"),
    "fields": say("字段"),
    "forms": say("表单"),
}

#: Where an effect is in its file is no part of what it does.
_IGNORED = frozenset({"line"})


def compare(old: Workflow, new: Workflow) -> tuple[DefinitionChange, ...]:
    """Return the differences from `old` to `new`, in the order of the parts; empty when there are none."""
    found: list[DefinitionChange] = []
    top = [
        name
        for name in ("title", "about", "initial", "start_by", "start_form", "basis", "help")
        if getattr(old, name) != getattr(new, name)
    ]
    if top:
        values = tuple(_pair(getattr(old, name), getattr(new, name)) for name in top)
        found.append(DefinitionChange("workflow", new.id, Sort.CHANGED, tuple(top), values))
    for part in ("states", "transitions", "clocks", "parties", "fields", "forms"):
        found += _parts(part, _by_id(old, part), _by_id(new, part))
    return tuple(found)


def _by_id(workflow: Workflow, part: str) -> Mapping[str, Any]:
    if part != "transitions":
        found: Mapping[str, Any] = getattr(workflow, part)
        return found
    # Several transitions may share an id: they are distinguished by where they come from, and compared in order.
    steps: dict[str, Any] = {}
    for step in workflow.transitions:
        steps.setdefault(f"{step.id}（{'、'.join(step.sources)}）", []).append(step)
    return {name: tuple(same) if len(same) > 1 else same[0] for name, same in steps.items()}


def _parts(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[DefinitionChange]:
    found = [DefinitionChange(part, name, Sort.ADDED) for name in new if name not in old]
    found += [DefinitionChange(part, name, Sort.REMOVED) for name in old if name not in new]
    for name, before in old.items():
        if name in new and not _same(before, new[name]):
            keys = _keys(before, new[name])
            values = tuple(_pair(getattr(before, key), getattr(new[name], key)) for key in keys)
            found.append(DefinitionChange(part, name, Sort.CHANGED, keys, values))
    return found


def _keys(before: Any, after: Any) -> tuple[str, ...]:
    if type(before) is type(after) and is_dataclass(before):
        return tuple(
            each.name
            for each in fields(before)
            # What is worked out from the others is no difference of its own.
            if each.init
            and each.name not in _IGNORED
            and not _same(getattr(before, each.name), getattr(after, each.name))
        )
    return ()


def _same(before: Any, after: Any) -> bool:
    """Tell whether two values mean the same, wherever they are in their files."""
    if type(before) is not type(after):
        return False
    if is_dataclass(before):
        return not _keys(before, after)
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(_same(before[key], after[key]) for key in before)
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(before == after) or callable(before)
