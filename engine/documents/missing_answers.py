"""Which answers a template asks for and is not given: what it would leave blank on the paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined
from jinja2.filters import do_default


class _Noted(dict[str, Any]):
    """Answers of one form; a name that is not there is noted before it is refused."""

    def __init__(self, form: str, answers: Mapping[str, Any], asked: Counter[tuple[str, str]]) -> None:
        super().__init__(answers)
        self._form, self._asked = form, asked

    def __missing__(self, name: str) -> Any:
        self._asked[self._form, name] += 1
        raise KeyError(name)

    def replaced(self, name: str) -> None:
        """Take back one note: something else is written in the place of this answer."""
        self._asked[self._form, name] -= 1


def noting(context: Mapping[str, Any]) -> tuple[dict[str, Any], Counter[tuple[str, str]]]:
    """Return the values for a template, and where is counted, while it is rendered with them, how often a (form, field) leaves a blank."""
    asked: Counter[tuple[str, str]] = Counter()
    made = dict(context)
    for name in ("forms", "shown"):
        made[name] = {form: _Noted(form, answers, asked) for form, answers in context[name].items()}
    return made, asked


def default_of(value: Any, instead: Any = "", boolean: bool = False) -> Any:
    """Return what the filter ``default`` of Jinja returns.

    An answer that is not there leaves no blank where another value is written in its place, and where another answer is
    asked for instead: whether that leaves one is noted of the other.
    """
    if not isinstance(value, Undefined):
        # Nobody reads the other one then, though it was looked up.
        _take_back(instead)
    elif not _blank(instead):
        _take_back(value)
    return do_default(value, instead, boolean)


def asked_whether_there(value: Any) -> None:
    """Take back the note of an answer a template asks of only whether it is there: nothing is written in its place."""
    _take_back(value)


def _take_back(value: Any) -> None:
    """Take back the note of an answer that is not there; of anything else nothing is noted."""
    if isinstance(value, Undefined):
        looked_in = value._undefined_obj  # noqa: SLF001 - Jinja2 says where it looked in no other way
        if isinstance(looked_in, _Noted):
            looked_in.replaced(str(value._undefined_name))  # noqa: SLF001 - as above


def _blank(instead: Any) -> bool:
    """Tell whether nothing is written, or a space to be filled in by hand."""
    if isinstance(instead, str):
        return not instead.strip("　 年月日")
    return instead is None or (isinstance(instead, (list, dict)) and not instead)
