"""A difference between two versions of a definition in words: what a key, an entry of a list, a field was and what it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from engine.definition import keywords
from engine.language import Message, say
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
from engine.lifecycle.model.deadline import Limit, Reminder
from engine.lifecycle.model.form import CheckRow, Field
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.period_mark import PeriodMark, mark_text
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Effect
from engine.worktime.periods import Beside, OnDay, Period, YearDate

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
    "start_then": "then",
    "relevant": "when",
    "least": "min",
    "most": "max",
}


def said(key: str, pair: tuple[Shown, Shown] | None) -> Message:
    """Return one changed key as the language calls it, with what it was and what it is."""
    word = _KEYS.get(key, key)
    name: Shown = say("必填") if word == "required" else keywords.KEYS.get(word, (word,))[0]
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
    if isinstance(value, (str, int, date)):
        return say("“{text}”", text=value.isoformat() if isinstance(value, date) else value)
    if isinstance(value, Condition):
        return say("“{text}”", text=value.expression.source)
    if isinstance(value, (Expression, Template)):
        return say("“{text}”", text=value.source)
    if isinstance(value, (tuple, frozenset)) and all(isinstance(item, str) for item in value):
        return say("“{text}”", text=sorted(value) if isinstance(value, frozenset) else list(value))
    return None


def pair(before: Any, after: Any) -> tuple[Shown, Shown] | None:
    """Return two values in a few words each; None where one is too much for a line."""
    old, new = _shown(before), _shown(after)
    return None if old is None or new is None else (old, new)


def details(before: Any, after: Any, keys: tuple[str, ...]) -> Iterator[Message]:
    """Yield what has changed inside the keys that are too much for a line: what is gone, what has come, what is now otherwise."""
    for key in keys:
        old, new = getattr(before, key), getattr(after, key)
        if pair(old, new) is not None:
            continue
        name = keywords.KEYS.get(_KEYS.get(key, key), (key,))[0]
        if isinstance(old, tuple) and isinstance(new, tuple):
            yield from _in_lists(name, old, new)
        elif isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _in_mappings(name, old, new)
        elif type(old) is type(new) and is_dataclass(old):
            yield from _inside(name, old, new)


def _in_lists(name: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Message]:
    gone = [item for item in old if not any(same(item, other) for other in new)]
    come = [item for item in new if not any(same(item, other) for other in old)]
    for item in gone:
        other = next((one for one in come if _identity(one) == _identity(item) != ""), None)
        if other is not None:
            come = [one for one in come if one is not other]
            main = item.arguments.get(item.kind) if isinstance(item, Effect) else None
            shown = keywords.KEYS.get(item.kind, ("",))[0] if isinstance(main, Mapping) else _item(other)
            yield from _inside(say("{name} {item}", name=name, item=shown), item, other)
            continue
        other = next((one for one in come if is_renamed(item, one)), None)
        if other is not None:
            come = [one for one in come if one is not other]
            yield say(
                "{name} {item} 改名：“{before}” → “{after}”",
                name=name,
                item=say("“{title}”", title=other.title),
                before=item.name,
                after=other.name,
            )
            continue
        yield say("{name}去掉 {item}", name=name, item=_item(item))
    for item in come:
        yield say("{name}加上 {item}", name=name, item=_item(item))


def _in_mappings(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Message]:
    for key, value in old.items():
        if key not in new:
            yield say("{name}去掉 {item}", name=name, item=say("“{name}”", name=key))
        elif not same(value, new[key]):
            values = pair(value, new[key])
            inner = say("{name} “{key}”", name=name, key=key) if name else say("“{name}”", name=key)
            if values is not None:
                yield say("{name}：{before} → {after}", name=inner, before=values[0], after=values[1])
            elif isinstance(value, Mapping) and isinstance(new[key], Mapping):
                yield from _in_mappings(inner.render(), value, new[key])
            else:
                yield from _inside(inner, value, new[key])
    for key in new:
        if key not in old:
            yield say("{name}加上 {item}", name=name, item=say("“{name}”", name=key))


def _inside(name: Shown, before: Any, after: Any) -> Iterator[Message]:
    """Yield what differs between two entries that are the same one: each key with what it was and what it is."""
    if isinstance(before, Effect) and isinstance(after, Effect):
        # Its arguments are written beside each other, as its own keys.
        before, after = ({"when": one.when, **one.arguments} for one in (before, after))
        for line in _in_mappings("", before, after):
            yield say("{name}：{line}", name=name, line=line)
        return
    keys = keys_that_differ(before, after)
    changes = [said(key, pair(getattr(before, key), getattr(after, key))) for key in keys]
    yield say("{name}：{changes}", name=name, changes=changes)
    for line in details(before, after, keys):
        yield say("    {line}", line=line)


def steps_apart(before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Message]:
    """Yield what differs between steps of one id, which are compared in their order."""
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        if not same(old, new):
            yield from _inside(say("第 {number} 项“{title}”", number=number, title=new.title), old, new)
    for gone in before[len(after) :]:
        yield say("去掉 {item}", item=say("“{title}”", title=gone.title))
    for come in after[len(before) :]:
        yield say("加上 {item}", item=say("“{title}”", title=come.title))


def is_renamed(before: Any, after: Any) -> bool:
    """Tell whether something has another id and is otherwise the same."""
    if not is_dataclass(before) or type(before) is not type(after):
        return False
    return set(keys_that_differ(before, after)) <= _NAMES


#: The keys by which a part is called.
_NAMES = frozenset({"id", "name", "alias"})


def _identity(item: Any) -> str:
    """Return by what an entry of a list is the same one though it has changed; "" where nothing says so."""
    if isinstance(item, Field):
        return item.name
    if isinstance(item, CheckRow):
        return item.id
    if isinstance(item, Requirement):
        return str(item.message)
    if isinstance(item, Effect):
        main = item.arguments.get(item.kind)
        return f"{item.kind} {main if isinstance(main, str) else ''}"
    return ""


def _item(value: Any) -> Shown:
    """Return one entry of a list in a few words."""
    if isinstance(value, Requirement):
        return say("要求“{that}”，否则“{message}”", that=value.that.expression.source, message=value.message)
    if isinstance(value, Effect):
        kind = keywords.KEYS.get(value.kind, (value.kind,))[0]
        return say("{kind} {what}", kind=kind, what=_short(value.arguments.get(value.kind)))
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


#: Where an effect is in its file is no part of what it does.
_IGNORED = frozenset({"line"})


def keys_that_differ(before: Any, after: Any) -> tuple[str, ...]:
    """Return the keys in which two parts of one kind differ."""
    if type(before) is type(after) and is_dataclass(before):
        return tuple(
            each.name
            for each in fields(before)
            # What is worked out from the others is no difference of its own.
            if each.init
            and each.name not in _IGNORED
            and not same(getattr(before, each.name), getattr(after, each.name))
        )
    return ()


def same(before: Any, after: Any) -> bool:
    """Tell whether two values mean the same, wherever they are in their files."""
    if type(before) is not type(after):
        return False
    if is_dataclass(before):
        return not keys_that_differ(before, after)
    if isinstance(before, Mapping):
        return before.keys() == after.keys() and all(same(before[key], after[key]) for key in before)
    if isinstance(before, (tuple, list)):
        return len(before) == len(after) and all(map(same, before, after))
    return bool(before == after) or callable(before)
