"""The shape of a YAML text, measured on the events of the parser before a loader builds anything of it.

The loaders of libyaml nest as deep as the text does and end the process where it is deep enough.
"""

from __future__ import annotations

from typing import Any

import yaml

from engine.kernel.budget import Budget, BudgetExceededError, check_size
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


def first_feature(text: str, budget: Budget) -> int:
    """Return the line of the first anchor, alias or tag, 0 where there is none.

    Raises BudgetExceededError for a text that is too deep or holds too much, YAMLError for one that is no YAML.
    """
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
        named = isinstance(event, yaml.NodeEvent) and event.anchor is not None
        tagged = isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag is not None
        if (named or tagged) and not line and event.start_mark is not None:
            line = event.start_mark.line + 1
    return line


def load_plain(text: str, budget: Budget) -> Any:
    """Return the value of a YAML text in the types of YAML 1.1, without anchors, aliases and tags.

    Raises BudgetExceededError, and one of YAML_ERRORS.
    """
    check_size(len(text), budget)
    if line := first_feature(text, budget):
        raise BudgetExceededError(say("第 {line} 行：不使用锚点、别名和标签，请把内容写全", line=line))
    value = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both are safe loaders
    _check_numbers(value)
    return value


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
