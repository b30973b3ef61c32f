"""The shape of a YAML text, measured on the events of the parser before a loader builds anything of it.

The loaders of libyaml nest as deep as the text does and end the process where it is deep enough.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import yaml

from engine.kernel.budget import Budget, BudgetExceededError, RepeatedKeyError, check_size
from engine.kernel.plain_text import visible
from engine.language import say

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What PyYAML raises for a text: its own errors; ValueError for a date or a number there is not (OverflowError and
#: TypeError where it is a time), and for what is no Unicode; RecursionError for depth.
YAML_ERRORS = (
    *(
        yaml.YAMLError,
        ValueError,
        OverflowError,
        TypeError,
        RecursionError,
        KeyError,
        AttributeError,
        IndexError,
    ),
)
_MAX_INTEGER = 10**18
#: Characters of a key that are named.
_MOST_SHOWN = 100


class _Keys:
    """The keys of the mappings that are open while the events of a text go by."""

    def __init__(self) -> None:
        #: Of each open collection the lines of its keys, None for a list; and whether a mapping is given a key next.
        self._open: list[dict[str, int] | None] = []
        self._key_next: list[bool] = []
        #: The first key that is written twice in a mapping, and its two lines.
        self.repeated: tuple[str, int, int] | None = None

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._key_next.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)
            if isinstance(event, yaml.CollectionStartEvent):
                self._open.append({} if isinstance(event, yaml.MappingStartEvent) else None)
                self._key_next.append(True)

    def _node(self, event: Any) -> None:
        keys = self._open[-1] if self._open else None
        if keys is None:
            return
        is_key, self._key_next[-1] = self._key_next[-1], not self._key_next[-1]
        if is_key and isinstance(event, yaml.ScalarEvent):
            line = event.start_mark.line + 1 if event.start_mark is not None else 0
            if event.value in keys and self.repeated is None:
                self.repeated = event.value, keys[event.value], line
            keys[event.value] = line


def first_feature(text: str, budget: Budget) -> int:
    """Return the line of the first anchor, alias or tag, 0 where there is none.

    Raises BudgetExceededError for a text that is too deep or holds too much, YAMLError for one that is no YAML.
    """
    return _measured(text, budget, None)


def _measured(text: str, budget: Budget, keys: _Keys | None) -> int:
    depth = line = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER), 1):
        if count > budget.nodes:
            raise BudgetExceededError(say("内容超过 {most} 项", most=budget.nodes))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > budget.depth:
                raise BudgetExceededError(say("嵌套超过 {most} 层", most=budget.depth))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if keys is not None:
            keys.take(event)
        named = isinstance(event, yaml.NodeEvent) and event.anchor is not None
        tagged = isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag is not None
        if (named or tagged) and not line and event.start_mark is not None:
            line = event.start_mark.line + 1
    return line


def load_plain(text: str, budget: Budget) -> Any:
    """Return the value of a YAML text in the types of YAML 1.1, without anchors, aliases and tags, each key written once.

    Raises BudgetExceededError, RepeatedKeyError among them, and one of YAML_ERRORS.
    """
    check_size(len(text), budget)
    keys = _Keys()
    line = _measured(text, budget, keys)
    if keys.repeated is not None:
        key, first, second = keys.repeated
        shown = visible(key[:_MOST_SHOWN])
        raise RepeatedKeyError(
            say("“{key}”写了两次：第 {first} 行和第 {second} 行", key=shown, first=first, second=second)
        )
    if line:
        raise BudgetExceededError(say("第 {line} 行：不使用锚点、别名和标签，请把内容写全", line=line))
    value = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    _check_numbers(value)
    return value


def unreadable(text: str) -> tuple[int, str]:
    """Return the line and the text of the first value that is none (2024-02-30); (0, "") where each can be read alone, or none at all."""
    with suppress(*YAML_ERRORS):
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.start_mark is not None:
                try:
                    yaml.load(event.value, Loader=_LOADER)  # noqa: S506 - both are safe loaders
                except YAML_ERRORS:
                    return event.start_mark.line + 1, event.value
    return 0, ""


def _check_numbers(value: Any) -> None:
    """Refuse whole numbers of more than 18 digits; `1:1:1:…` of YAML 1.1 makes one too long to be printed."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _check_numbers(key)
            _check_numbers(inner)
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            _check_numbers(inner)
    elif isinstance(value, int) and abs(value) >= _MAX_INTEGER:
        raise BudgetExceededError(say("有超过 18 位的数；文字请加引号"))
