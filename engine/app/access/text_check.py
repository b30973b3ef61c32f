"""Judges the texts of a command before anything is read or written: their length, and characters they may not hold.

What is refused here enters no history: neither the text nor, where that is what is wrong, the person.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.kernel.clean_text import not_as_it_seems
from engine.kernel.plain_text import find_forbidden
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.access.caller import Caller
    from engine.app.history.requests import CommandRequest

_FILE = Path(__file__).with_name("text_limits.yaml")


@dataclasses.dataclass(frozen=True, slots=True)
class TextLimits:
    """The table ``text_limits.yaml``, in characters."""

    line: int
    lines: int
    all: int
    names: Mapping[str, int]
    many_lines: frozenset[str]
    #: The narrowest of them.
    short: int


@cache
def text_limits() -> TextLimits:
    """Return the limits, read once."""
    found = read_resource(_FILE)
    short = min(found["line"], *found["names"].values())
    return TextLimits(**{**found, "many_lines": frozenset(found["many_lines"]), "short": short})


def why_unfit(
    given: Mapping[str, Any], caller: Caller | None = None, titles: Mapping[str, str] | None = None
) -> RefusalReason | None:
    """Return why an argument of a command, or who calls it, cannot stand as it is written; None where all can.

    Texts inside lists and mappings are looked at too; of a value of ours the texts it holds itself. `titles` say what a place
    is called (`place_of`); such a reason also names its question.
    """
    whole = list(given.items())
    if caller is not None:
        whole += [("person", caller.person), ("request_id", caller.request_id)]
        if (unseen := _unseen(caller.request_id)) is not None:
            return unseen
    values: list[Any] = []
    for _, value in whole:
        values.append(value)
    limits, total = text_limits(), 0
    if _all_short(values, limits.short):
        return None
    for name, place, text, lines in _texts(whole, limits):
        most = limits.names.get(name, limits.lines if lines else limits.line)
        title = (titles or {}).get(str(place))
        asked = str(place).partition(".")[2] if title is not None else None
        if len(text) > most:
            return replace(_too_long(title or place, most, len(text)), field=asked)
        if (found := find_forbidden(text, lines=lines)) is not None:
            return replace(_forbidden(title or place, *found), field=asked)
        total += len(text)
    return _too_long(say("各项文字合计"), limits.all, total) if total > limits.all else None


def all_fit(text: str, request_id: str) -> bool:
    """Tell whether all texts in the canonical JSON of a command, and its id, are printable and within the narrowest limit.

    So are those of nearly all commands, and the JSON is needed anyhow: it is looked at as a whole. False where each text is
    to be looked at by itself (`why_unfit_order`).
    """
    most = text_limits().short
    return (
        # A text with a quotation mark or a control character has a backslash here; without, each text ends at the next mark.
        bool(text)
        and "\\" not in text
        and text.isprintable()
        and len(text) <= most * MAX_SHORT
        and max(map(len, text.split('"'))) <= most
        and request_id.isprintable()
        and (request_id.isascii() or _unseen(request_id) is None)
        and len(request_id) <= most
    )


def why_unfit_order(
    order: CommandRequest, request_id: str | None, titles: Mapping[str, str] | None = None
) -> RefusalReason | None:
    """Return why a command on a case cannot stand as it is written; None where it can. `titles` as in `why_unfit`."""
    words = order.words
    if (unseen := _unseen(request_id)) is not None:
        return unseen
    if _all_short([words, order.verb, order.about, order.person, request_id], text_limits().short):
        return None
    return why_unfit(
        {
            **words,
            "verb": order.verb,
            "about": order.about,
            "person": order.person,
            "request_id": request_id,
        },
        titles=titles,
    )


def why_unfit_person(person: str) -> RefusalReason | None:
    """Return why `person` cannot be the id of anybody; None where it can."""
    return why_unfit({"person": person})


#: Texts looked at before the closer look begins; so many short ones are below the limit of all together.
MAX_SHORT = 100


def _all_short(waiting: list[Any], most: int) -> bool:
    """Tell whether all texts are few, printable and within the narrowest limit, as nearly all commands are.

    One loop without calls: it is part of every step.
    """
    seen = 0
    while waiting:
        value = waiting.pop()
        if value is None:
            continue
        kind = type(value)
        if kind is str:
            seen += 1
            if seen > MAX_SHORT or len(value) > most or not value.isprintable():
                return False
        elif kind is dict:
            waiting += value
            waiting += value.values()
        elif kind is list or kind is tuple:
            waiting += value
        elif kind is not int and kind is not bool:
            return False
    return True


#: The name of an argument, the place it is called by in a sentence, the text, and whether it may have several lines.
_Found = tuple[str, "Message | str", str, bool]


def _texts(given: list[tuple[str, Any]], limits: TextLimits) -> Iterator[_Found]:
    # A stack and no recursion: answers are read from files, and nest as deep as those do.
    waiting: list[tuple[str, str, Any, bool]] = [
        (name, name, value, name in limits.many_lines) for name, value in reversed(given)
    ]
    while waiting:
        name, place, value, lines = waiting.pop()
        if isinstance(value, str):
            yield name, _TITLES.get(place, place), value, lines
        elif isinstance(value, Mapping):
            for key in value:
                if isinstance(key, str):
                    yield "key", place, key, False
            waiting += [("", _below(place, key), item, lines) for key, item in reversed(list(value.items()))]
        elif isinstance(value, list | tuple | set | frozenset):
            waiting += [("", place, item, lines) for item in value]
        elif dataclasses.is_dataclass(value) and not isinstance(value, Message):
            own = ((one.name, getattr(value, one.name)) for one in dataclasses.fields(value))
            waiting += [(own_name, own_name, text, False) for own_name, text in own if isinstance(text, str)]


def place_of(path: Iterable[str]) -> str:
    """Return how the place of a text is called that these keys lead to, the name of the argument first."""
    place = ""
    for key in path:
        place = _below(place, key) if place else key
    return place


def _below(place: str, key: object) -> str:
    """Return how a part is called: by the keys that lead to it, the last of them where there are many."""
    return f"{place}.{key}"[-60:]


#: What an argument is called in a sentence.
_TITLES: Mapping[str, Message] = {
    "person": say("人员编号"),
    "request_id": say("请求编号"),
    "title": say("名称"),
    "name": say("名称"),
    "reason": say("理由"),
    "note": say("说明"),
    "label": say("标签"),
    "about": say("编号"),
    "source": say("文件名"),
}


def _unseen(request_id: str | None) -> RefusalReason | None:
    """Return why two requests that look the same would count as two: an id has no character that nobody sees."""
    if request_id is None or request_id.isascii() or (wrong := not_as_it_seems(request_id)) is None:
        return None
    return RefusalReason("text", say("“{place}”：{wrong}", place=_TITLES["request_id"], wrong=wrong))


def _too_long(place: Message | str, most: int, seen: int) -> RefusalReason:
    return RefusalReason(
        "text", say("“{place}”最多 {most} 字，实为 {seen} 字", place=place, most=most, seen=seen)
    )


def _forbidden(place: Message | str, at: int, char: str) -> RefusalReason:
    code = f"{ord(char):04X}"
    if char in "\n\t":
        message = say("“{place}”应写在一行里；第 {at} 个字是换行或制表符", place=place, at=at)
    elif "\ud800" <= char <= "\udfff":
        message = say("“{place}”第 {at} 个字不是文字（编码不对）；请核对输入的编码", place=place, at=at)
    else:
        message = say(
            "“{place}”第 {at} 个字是不能使用的控制字符（U+{code}），请删去", place=place, at=at, code=code
        )
    return RefusalReason("text", message)
