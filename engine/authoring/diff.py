"""What changed between two versions of a workflow: states, steps, clocks, forms and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import StrEnum
from typing import Any

from engine.definition import keywords
from engine.language import Message, say
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.deadline import Limit, Reminder
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.period_mark import PeriodMark, mark_text
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Effect, Workflow
from engine.worktime.periods import Beside, OnDay, Period, YearDate


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
    if isinstance(value, Condition):
        return say("“{text}”", text=value.expression.source)
    if isinstance(value, (Expression, Template)):
        return say("“{text}”", text=value.source)
    if isinstance(value, (tuple, frozenset)) and all(isinstance(item, str) for item in value):
        return say("“{text}”", text=sorted(value) if isinstance(value, frozenset) else list(value))
    return None


def _pair(before: Any, after: Any) -> tuple[Shown, Shown] | None:
    old, new = _shown(before), _shown(after)
    return None if old is None or new is None else (old, new)


def _details(before: Any, after: Any, keys: tuple[str, ...]) -> Iterator[Message]:
    """Yield what is gone from lists and what has come, entry by entry."""
    for key in keys:
        old, new = getattr(before, key), getattr(after, key)
        if not isinstance(old, tuple) or not isinstance(new, tuple) or _pair(old, new) is not None:
            continue
        name = keywords.KEYS.get(_KEYS.get(key, key), (key,))[0]
        for item in old:
            if not any(_same(item, other) for other in new):
                yield say("{name}去掉 {item}", name=name, item=_item(item))
        for item in new:
            if not any(_same(item, other) for other in old):
                yield say("{name}加上 {item}", name=name, item=_item(item))


def _item(value: Any) -> Shown:
    """Return one entry of a list in a few words."""
    if isinstance(value, Requirement):
        return say("要求“{that}”，否则“{message}”", that=value.that.expression.source, message=value.message)
    if isinstance(value, Effect):
        return say("{kind} {what}", kind=value.kind, what=_short(value.arguments.get(value.kind)))
    if isinstance(value, Field):
        return say("“{title}”（{name}）", title=value.title, name=value.name)
    if isinstance(value, Reminder):
        return say("提前 {period}", period=describe_period(value.before))
    if isinstance(value, OverdueStep):
        who = [*value.notify, *value.escalation_chain]
        return say("逾期 {period}：{who}", period=describe_period(value.after), who=who)
    if isinstance(value, Limit):
        return _shown(value.length) or say("（略）")
    return _shown(value) or say("（略）")


def _short(value: Any) -> Shown:
    if isinstance(value, Mapping):
        return say(
            "{items}", items=[f"{name} = {getattr(inner, 'source', inner)}" for name, inner in value.items()]
        )
    return _shown(value) or say("（略）")


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
        for name in ("title", "about", "initial", "start_by", "start_form", "basis", "help", "english")
        if getattr(old, name) != getattr(new, name)
    ]
    if top:
        values = tuple(_pair(getattr(old, name), getattr(new, name)) for name in top)
        found.append(DefinitionChange("workflow", new.id, Sort.CHANGED, tuple(top), values))
    before = old
    old = _with_states(old, _renamed(old.states, new.states))
    for part in ("states", "transitions", "clocks", "parties", "fields", "forms"):
        found += _parts(part, _by_id(before if part == "states" else old, part), _by_id(new, part))
    return tuple(found)


def _with_states(workflow: Workflow, renamed: Mapping[str, str]) -> Workflow:
    """Return a workflow whose steps and clocks call its states as they are called now."""
    if not renamed:
        return workflow

    def now(name: str) -> str:
        return renamed.get(name, name)

    steps = tuple(
        replace(
            step,
            sources=tuple(map(now, step.sources)),
            target=None if step.target is None else now(step.target),
        )
        for step in workflow.transitions
    )
    clocks = {
        name: replace(
            clock,
            during=frozenset(map(now, clock.during)),
            pauses_in=frozenset(map(now, clock.pauses_in)),
        )
        for name, clock in workflow.clocks.items()
    }
    return replace(workflow, transitions=steps, clocks=clocks)


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
        if name in new and not _same(before, new[name]):
            keys = _keys(before, new[name])
            values = tuple(_pair(getattr(before, key), getattr(new[name], key)) for key in keys)
            details = tuple(_details(before, new[name], keys))
            found.append(DefinitionChange(part, name, Sort.CHANGED, keys, values, details))
    return found


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Return what has another id and is otherwise the same: before -> after."""
    gone = [name for name in old if name not in new]
    come = [name for name in new if name not in old]
    found: dict[str, str] = {}
    for before in gone:
        for after in come:
            if (
                after in found.values()
                or not is_dataclass(old[before])
                or type(old[before]) is not type(new[after])
            ):
                continue
            if set(_keys(old[before], new[after])) <= {"id", "name"}:
                found[before] = after
                break
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
