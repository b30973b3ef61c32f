"""Which answers a template asks for and is not given: what it would leave blank on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class _Noted(dict[str, Any]):
    """Answers of one form; a name that is not there is noted before it is refused."""

    def __init__(self, form: str, answers: Mapping[str, Any], asked: dict[tuple[str, str], None]) -> None:
        super().__init__(answers)
        self._form, self._asked = form, asked

    def __missing__(self, name: str) -> Any:
        self._asked[self._form, name] = None
        raise KeyError(name)


def noting(context: Mapping[str, Any]) -> tuple[dict[str, Any], dict[tuple[str, str], None]]:
    """Return the values for a template, and where (form, field) is noted while it is rendered with them."""
    asked: dict[tuple[str, str], None] = {}
    made = dict(context)
    for name in ("forms", "shown"):
        made[name] = {form: _Noted(form, answers, asked) for form, answers in context[name].items()}
    return made, asked
