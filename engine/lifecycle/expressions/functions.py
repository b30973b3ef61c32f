"""The functions expressions may call: a closed list, each on plain values, each bounded.

Dates are ISO texts (``2024-04-20``) throughout the scope, so they compare as written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Sized
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.arithmetic import exact, is_number
from engine.lifecycle.expressions.dates import DATE_FUNCTIONS
from engine.lifecycle.expressions.dates import date_of as _date
from engine.lifecycle.expressions.expression import COMPARISONS, EvaluationError

#: Decimals have at most so many places.
MAX_PLACES = 9


def length(value: Any) -> int:
    """Return how many entries a list (or characters a text) has; nothing has 0. Raises EvaluationError for a number."""
    if value is None:
        return 0
    if not isinstance(value, Sized):
        raise EvaluationError(say("此处应是列表，实为“{value}”", value=value))
    return len(value)


def days_between(first: Any, second: Any) -> int | None:
    """Return the calendar days from `first` to `second`, negative when `second` is earlier."""
    if first is None or second is None:
        return None
    return (_date(second) - _date(first)).days


def days_after(start: Any, days: Any) -> str | None:
    """Return the date `days` calendar days after `start` (before it, for a negative number)."""
    if start is None or days is None:
        return None
    if not isinstance(days, int) or abs(days) > 36600:
        raise EvaluationError(say("天数应为 36600 以内的整数，实为“{value}”", value=days))
    try:
        return (_date(start) + timedelta(days=days)).isoformat()
    except OverflowError:
        raise EvaluationError(say("“{start}”之后 {days} 天超出日历的年份", start=start, days=days)) from None


def lesser(first: Any, second: Any) -> Any:
    """Return the lesser of two values (孰低); missing where one of them is."""
    if first is None or second is None:
        return None
    return second if COMPARISONS["<"](second, first) else first


def greater(first: Any, second: Any) -> Any:
    """Return the greater of two values (孰高); missing where one of them is."""
    if first is None or second is None:
        return None
    return second if COMPARISONS[">"](second, first) else first


def minutes_between(first: Any, second: Any) -> int | None:
    """Return the whole minutes from one instant to another, negative when `second` is earlier."""
    if first is None or second is None:
        return None
    return (_instant(second) - _instant(first)) // timedelta(minutes=1)


def _instant(value: Any) -> datetime:
    if isinstance(value, str) and "T" in value:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is not None and found.tzinfo is not None:
            return found
    raise EvaluationError(say("应为带时区的时刻（如 2024-04-20T09:30+08:00），实为“{value}”", value=value))


def unique(values: Any) -> list[Any]:
    """Return the values without repetitions, in their order."""
    found: dict[Hashable, Any] = {}
    for value in _listed(values or None):
        found.setdefault(_member(value), value)
    return list(found.values())


def _listed(value: Any) -> Any:
    """Return a list as it is, nothing as an empty one, and a single value as a list of one: no answer ends an evaluation."""
    if value is None:
        return ()
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def same_members(first: Any, second: Any) -> bool:
    """Tell whether two lists hold the same values, in any order."""
    return sorted(str(_member(one)) for one in _listed(first)) == sorted(
        str(_member(one)) for one in _listed(second)
    )


def within(values: Any, allowed: Any) -> bool:
    """Tell whether every one of `values` is among `allowed`; true for no values."""
    return set(map(_member, _listed(values))) <= set(map(_member, _listed(allowed)))


def disjoint(first: Any, second: Any) -> bool:
    """Tell whether two lists have no value in common."""
    return set(map(_member, _listed(first))).isdisjoint(map(_member, _listed(second)))


def rounded(value: Any, places: Any = 0) -> Any:
    """Return a number to so many places, a half away from zero (四舍五入)."""
    return _to_places(
        value, places, lambda scaled: int(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    )


def rounded_up(value: Any, places: Any = 0) -> Any:
    """Return the nearest number of so many places that is as far from zero as `value` or farther (进一)."""
    return _to_places(value, places, lambda scaled: ceil(scaled) if scaled >= 0 else floor(scaled))


def rounded_down(value: Any, places: Any = 0) -> Any:
    """Return a number with the further places left out (去尾)."""
    return _to_places(value, places, int)


def _to_places(value: Any, places: Any, whole: Callable[[Fraction], int]) -> Any:
    if value is None or places is None:
        return None
    if not is_number(value) or not isinstance(places, int) or not 0 <= places <= MAX_PLACES:
        raise EvaluationError(
            say(
                "取整要一个数和 0 至 {most} 的位数，实为“{value}”与“{places}”",
                most=MAX_PLACES,
                value=value,
                places=places,
            )
        )
    return exact(Fraction(whole(Fraction(value) * 10**places), 10**places))


def filled(value: Any) -> bool:
    """Tell whether something was answered; an empty text or list is not an answer."""
    return value is not None and value != "" and value != [] and value != {}


def empty(value: Any) -> bool:
    """Tell whether nothing was answered."""
    return not filled(value)


def _member(value: Any) -> Hashable:
    """Return what makes an entry of a list the same as another: rows of people and objects are known by their id."""
    if isinstance(value, Mapping):
        return (
            _member(value["id"])
            if "id" in value
            else tuple(sorted((key, str(cell)) for key, cell in value.items()))
        )
    return tuple(map(_member, value)) if isinstance(value, (list, tuple)) else value


#: name -> (function, least and most number of arguments). Used with ``x | name`` or ``name(x, …)``.
FUNCTIONS: Mapping[str, tuple[Callable[..., Any], int, int]] = {
    "length": (length, 1, 1),
    "days_between": (days_between, 2, 2),
    "days_after": (days_after, 2, 2),
    "minutes_between": (minutes_between, 2, 2),
    "unique": (unique, 1, 1),
    "same_members": (same_members, 2, 2),
    "within": (within, 2, 2),
    "disjoint": (disjoint, 2, 2),
    "filled": (filled, 1, 1),
    "empty": (empty, 1, 1),
    "lesser": (lesser, 2, 2),
    "greater": (greater, 2, 2),
    **DATE_FUNCTIONS,
    "round": (rounded, 1, 2),
    "round_up": (rounded_up, 1, 2),
    "round_down": (rounded_down, 1, 2),
}

#: The functions whose result is a boolean, so that a condition may consist of the call alone.
BOOLEAN_FUNCTIONS: Sequence[str] = ("same_members", "within", "disjoint", "filled", "empty")
