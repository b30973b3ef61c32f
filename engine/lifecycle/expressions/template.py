"""A text with places for expressions, as a definition states it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from engine.kernel.plain_text import shortened
from engine.language import say
from engine.lifecycle.expressions.expression import Expression, Scope
from engine.value import value

#: Longest text a template makes, and how much of the template is quoted where it would be longer, in characters.
MAX_LENGTH, QUOTED = 20_000, 60


@value
class Template:
    """A text with places; `parts` are texts and expressions, alternating."""

    source: str
    parts: tuple[str | Expression, ...]

    def render(self, scope: Scope) -> str:
        """Return the text for `scope`. Raises `EvaluationError` where an expression has no answer.

        A text that would be longer than `MAX_LENGTH` ends there, with a sentence that names the template.
        """
        parts: list[str] = []
        left = MAX_LENGTH
        for part in self.parts:
            if isinstance(part, str):
                text = part
            else:
                found = part.value(scope)
                text = found if type(found) is str else format_value(found)
            if len(text) > left:
                cut = say(
                    "……（超过 {most} 字，以下从略；文字模板：{source}）",
                    most=MAX_LENGTH,
                    source=shortened(self.source, QUOTED),
                )
                return "".join([*parts, text[:left], str(cut)])
            parts.append(text)
            left -= len(text)
        return "".join(parts)

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression inside."""
        for part in self.parts:
            if not isinstance(part, str):
                yield part


def format_value(value: Any) -> str:
    """Return a value as people read it; nothing answered is an empty text."""
    if value is None:
        return ""
    if value is True or value is False:
        return str(say("是") if value else say("否"))
    if isinstance(value, (list, tuple)):
        return str(say("{names}", names=[format_value(item) for item in value]))
    if isinstance(value, Mapping):
        return next((str(value[key]) for key in ("title", "name", "id") if value.get(key)), "")
    if isinstance(value, Fraction):
        from engine.lifecycle.expressions.arithmetic import decimal_text

        return decimal_text(value)
    return str(value)
