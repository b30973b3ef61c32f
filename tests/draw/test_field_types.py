"""Whether the fields of a record hold what their annotations say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest

from engine.draw.field_types import typed


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Inner:
    number: int


@dataclass(frozen=True)
class Outer:
    name: str = "x"
    count: int = 1
    flag: bool = False
    inner: Inner = field(default_factory=lambda: Inner(1))
    maybe: Inner | None = None
    many: tuple[Inner, ...] = ()
    by_name: Mapping[str, int] = field(default_factory=dict)
    anything: Any = None
    colour: Colour = Colour.RED


@pytest.mark.parametrize(
    "right",
    [
        {},
        {"maybe": Inner(2)},
        {"many": (Inner(1), Inner(2))},
        {"by_name": {"a": 1}},
        {"anything": object()},
    ],
)
def test_right_values_fit(right: dict[str, Any]) -> None:
    assert typed(Outer(**right)) is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": 1},
        {"count": "1"},
        # A truth value is an int to Python, and would be written otherwise in JSON.
        {"count": True},
        {"flag": 1},
        {"inner": 1},
        {"inner": Inner("1")},  # type: ignore[arg-type]  # what is tested
        {"maybe": Inner("1")},  # type: ignore[arg-type]  # what is tested
        {"maybe": 0},
        {"many": [Inner(1)]},
        {"many": (Inner(1), 2)},
        {"by_name": {"a": "1"}},
        {"by_name": [("a", 1)]},
        {"colour": "red"},
    ],
)
def test_a_wrong_value_at_any_depth_is_found(wrong: dict[str, Any]) -> None:
    assert typed(Outer(**wrong)) is False
