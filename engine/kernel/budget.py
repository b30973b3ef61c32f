"""How much of what comes from outside is read: bytes, depth, nodes, and what a container may unpack to."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from engine.language import Message, say
from engine.value import value

#: What `json.loads` and a look into the value it gives can raise for a text that is not what it should be.
#: Escapes of JSON; group 1 is half of a character whose other half does not follow.
_ESCAPES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
JSON_ERRORS = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError)


class BudgetExceededError(ValueError):
    """More was given than is read; `message` says how much and what the limit is."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


class RepeatedKeyError(BudgetExceededError):
    """An object of JSON, or a mapping of YAML, holds one key twice: of two values, no program may choose one in silence."""


@value
class Budget:
    """The most that is read of one file or stream."""

    bytes: int
    #: Nesting of lists and mappings.
    depth: int = 60
    #: Values, keys and collections together.
    nodes: int = 100_000
    #: Of a container: bytes of all its entries unpacked, and how many entries. 0: it is no container.
    unpacked: int = 0
    entries: int = 0


_MB = 1_000_000

#: A definition, a form, answers, an import profile: written by hand.
TEXT = Budget(bytes=_MB)
SETTINGS = Budget(bytes=100_000, depth=20, nodes=5_000)
#: One year of holidays.
CALENDAR = Budget(bytes=_MB, depth=10, nodes=50_000)
TEMPLATE = Budget(bytes=200_000)
#: A form as a workbook; it may hold pictures beside its sheets.
WORKBOOK = Budget(bytes=10 * _MB)
#: A time stamp with all its certificates has about ten thousand bytes.
ANCHOR = Budget(bytes=200_000)
#: The root certificates of a whole operating system have about 250,000 bytes.
CERTIFICATES = Budget(bytes=2 * _MB)
#: The proof that one leaf is under a root: 64 steps at the most.
PROOF = Budget(bytes=200_000, depth=6, nodes=5_000)
#: One head somebody keeps, with the proof from the one before: 64 steps at the most.
HEAD = Budget(bytes=200_000, depth=6, nodes=5_000)
#: All seals of a bureau with the head of every history.
SEALS = Budget(bytes=200 * _MB, depth=8, nodes=20 * _MB)
#: One file of a verification kit; a roster of a million rows has about 100 MB.
KIT_FILE = Budget(bytes=200 * _MB, depth=30, nodes=20 * _MB)
#: The labels of a list of tickets.
LABELS = Budget(bytes=200 * _MB)
#: The list of whose private values are destroyed: some 100 bytes for each.
DESTROYED_LIST = Budget(bytes=1_000 * _MB)
#: What a backup says it holds: some 100 bytes for each file of the deployment.
MANIFEST = Budget(bytes=10 * _MB, depth=8, nodes=_MB, entries=100_000)
#: The closing file of a case. Packages are stored, not compressed: what is in them is no more than the file.
PACKAGE = Budget(bytes=2_000 * _MB, depth=60, nodes=_MB, unpacked=2_000 * _MB, entries=100_000)
#: The JSON of a package that is looked into as a whole.
PACKAGE_PART = Budget(bytes=20 * _MB, depth=60, nodes=_MB)
#: One file kept with a case: a scan, a photograph, a table.
KEPT_FILE = Budget(bytes=50 * _MB)
#: The same where it is a container (Word, Excel, OFD): nothing of it is kept unpacked here, but it is opened where it is read.
KEPT_CONTAINER = Budget(bytes=50 * _MB, unpacked=500 * _MB, entries=10_000)
#: What an offline form has saved: answers, with photographs that were shrunk.
OFFLINE_RECORD = Budget(bytes=200 * _MB, depth=30, nodes=200_000)
#: Small files the product writes for itself: a lock, the mark of a demonstration, the journal of a change.
OWN_NOTE = Budget(bytes=100_000, depth=10, nodes=5_000)

#: So much of a key is shown.
_MOST_SHOWN = 60

_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)


def json_depth(text: str, most: int) -> int:
    """Return how deep the brackets of a JSON text nest; stops counting beyond `most`. Texts in quotes do not count."""
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        first = text[found.start()]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > most:
                break
        elif first != '"':
            depth -= 1
    return deepest


def read_json(
    content: bytes | str,
    budget: Budget,
    *,
    parse_float: Callable[[str], Any] | None = None,
    parse_constant: Callable[[str], Any] | None = None,
) -> Any:
    """Return the value of a JSON text in UTF-8, measured before it is parsed.

    Raises BudgetExceededError, RepeatedKeyError among them, and ValueError for what is no JSON, numbers without a value among it.
    """
    check_size(len(content), budget)
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    # No text is deeper than it has opening brackets, and most have few.
    brackets = text.count("[") + text.count("{")
    if brackets > budget.depth and json_depth(text, budget.depth) > budget.depth:
        raise BudgetExceededError(say("嵌套超过 {most} 层", most=budget.depth))
    # An upper bound: commas inside of texts are counted too.
    if text.count(",") + brackets > budget.nodes:
        raise BudgetExceededError(say("内容超过 {most} 项", most=budget.nodes))
    if ("\\ud" in text or "\\uD" in text) and any(found[1] for found in _ESCAPES.finditer(text)):
        raise ValueError(say("文字里有半个字符（U+D800 至 U+DFFF），写不成 UTF-8").render())
    return json.loads(
        text,
        object_pairs_hook=_each_key_once,
        parse_float=parse_float,
        parse_constant=parse_constant or _no_number,
    )


def _no_number(word: str) -> Any:
    raise ValueError(say("“{word}”不是 JSON 的数", word=word).render())


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    # Nearly no text has one, and what is short is not made to load this.
    from engine.kernel.plain_text import visible

    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise RepeatedKeyError(say("“{key}”写了两次，只能写一次", key=visible(key[:_MOST_SHOWN])))
        seen.add(key)
    raise AssertionError("no key is there twice")


def check_size(size: int, budget: Budget, name: str = "") -> None:
    """Raise BudgetExceededError where a file, called `name`, has more bytes than are read."""
    if size <= budget.bytes:
        return
    if name:
        raise BudgetExceededError(
            say("“{file}”有 {size} 字节，超过上限 {most} 字节", file=name, size=size, most=budget.bytes)
        )
    raise BudgetExceededError(say("文件有 {size} 字节，超过上限 {most} 字节", size=size, most=budget.bytes))
