"""A text with places for expressions, as a definition states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.expression import Expression, Scope


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places; `parts` are texts and expressions, alternating."""

    source: str
    parts: tuple[str | Expression, ...]

    def render(self, scope: Scope) -> str:
        """Return the text for `scope`. Raises `CannotEvaluate` where an expression has no answer."""
        return "".join(part if isinstance(part, str) else shown(part.value(scope)) for part in self.parts)

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression inside."""
        for part in self.parts:
            if not isinstance(part, str):
                yield part


def shown(value: Any) -> str:
    """Return a value as people read it; nothing answered is an empty text."""
    if value is None:
        return ""
    if value is True or value is False:
        return str(say("是") if value else say("否"))
    if isinstance(value, (list, tuple)):
        return str(say("{names}", names=[shown(item) for item in value]))
    if isinstance(value, Mapping):
        return next((str(value[key]) for key in ("title", "name", "id") if value.get(key)), "")
    if isinstance(value, Fraction) and value.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    return str(value)
