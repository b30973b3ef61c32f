"""The functions of expressions that count on the calendar of the bureau, and the first value of several.

Dates are ISO texts, as everywhere in the scope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.arithmetic import is_number
from engine.lifecycle.expressions.expression import CalendarFunction, EvaluationError
from engine.worktime import arithmetic
from engine.worktime.calendar import Calendar
from engine.worktime.periods import Period
from engine.worktime.written import period_of


def working_days_between(calendar: Calendar, first: Any, second: Any) -> int | None:
    """Return the working days after `first` up to `second`, negative when `second` is earlier."""
    if first is None or second is None:
        return None
    return arithmetic.working_days_between(calendar, date_of(first), date_of(second))


def add(calendar: Calendar, start: Any, period: Any, unit: str | None = None) -> str | None:
    """Return the date that lies `period` after `start`; before it where the period begins with ``-``.

    With a `unit` the period is a number of them, as an answer may say it: ``add(form.got, form.term, 'working days')``.
    """
    if start is None or period is None:
        return None
    text = str(period) if unit is None else f"{_whole(period)} {unit}"
    sign = -1 if text.startswith("-") else 1
    found = days_of(text.removeprefix("-").strip())
    if found is None:
        raise EvaluationError(say("应为一段时间（如 7 working days、3 months），实为“{value}”", value=text))
    try:
        return arithmetic.add_period(calendar, date_of(start), found, sign).isoformat()
    except ValueError:
        raise EvaluationError(say("“{start}”加“{period}”超出日历的年份", start=start, period=text)) from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not is_number(value) or value != int(value):
        raise EvaluationError(say("应为整数，实为“{value}”", value=value))
    return int(value)


def first_filled(*values: Any) -> Any:
    """Return the first of `values` that was answered; None where none was."""
    return next((value for value in values if value not in (None, "", [], {})), None)


def days_of(text: str) -> Period | None:
    """Return the period of days, months or years a text names; None where it names none."""
    found = period_of(text)
    return None if found is None or found.unit.to_the_second else found


def date_of(value: Any) -> date:
    """Return the day of a date or an instant as it is written. Raises EvaluationError."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            pass
    raise EvaluationError(say("应为日期（如 2024-04-20），实为“{value}”", value=value))


#: name -> (function, least and most number of arguments).
DATE_FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    "working_days_between": (CalendarFunction(working_days_between), 2, 2),
    "add": (CalendarFunction(add), 2, 3),
    "first_filled": (first_filled, 2, 5),
}
