"""The access table: use case -> who may, read from ``access.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from engine.value import value
from engine.yamltext.resource import read_resource

#: Words of the column ``who`` that are no roles.
STAFF, SELF, DEFINITION, NOBODY_YET, ANYONE = "staff", "self", "definition", "nobody_yet", "anyone"
WORDS = frozenset({STAFF, SELF, DEFINITION, NOBODY_YET, ANYONE})

_FILE = Path(__file__).with_name("access.yaml")


@value
class AccessRow:
    """One use case: the roles that may, the words of `WORDS` that apply, and whether sections are kept apart.

    `second` are the roles of which somebody else has to agree, the lowest first; none where administrators agree, or nobody
    has to. `alone` says why one person is enough.
    """

    use_case: str
    roles: tuple[str, ...]
    words: frozenset[str]
    own_section: bool
    second: tuple[str, ...] = ()
    alone: str = ""


def access_row(use_case: str) -> AccessRow:
    """Return the row of a use case. Raises KeyError for one that is not in the table."""
    return access_table()[use_case]


@cache
def access_table() -> Mapping[str, AccessRow]:
    """Return the whole table, read once."""
    found = read_resource(_FILE)
    groups: Mapping[str, list[str]] = found["groups"]
    return {name: _row(name, body, groups) for name, body in found["use_cases"].items()}


def _row(name: str, body: Mapping[str, Any], groups: Mapping[str, list[str]]) -> AccessRow:
    unknown = set(body) - {"who", "sections", "second", "alone"}
    who, second, alone = body["who"], body.get("second", []), body.get("alone", "")
    lists = isinstance(who, list) and isinstance(second, list) and isinstance(alone, str)
    if unknown or not lists or body.get("sections", "own") != "own":
        raise AssertionError(f"{_FILE.name}: {name}: {sorted(unknown) or body}")
    return AccessRow(
        name,
        _roles([word for word in who if word not in WORDS], groups),
        frozenset(word for word in who if word in WORDS),
        "sections" in body,
        _roles(second, groups),
        alone,
    )


def _roles(words: Sequence[str], groups: Mapping[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(role for word in words for role in groups.get(word, [word])))
