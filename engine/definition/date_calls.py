"""Checks the calls of the functions that count on the calendar: dates where dates belong, periods that can be read.

A sum of months over a sum of months would bring the day back into its month twice, and come to another day than the one sum
meant: it is refused before it runs (after CatalaLang/dates-calc).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from engine.definition.types import ANY, DATE, NUMBER, Type
from engine.language import Message, say
from engine.lifecycle.expressions.dates import days_of
from engine.lifecycle.expressions.expression import Call, ExpressionNode, Literal
from engine.worktime.periods import Period, PeriodUnit

Report = Callable[[str, Message, "Message | None", str], None]
#: Says which of the parts are no dates.
CheckDates = Callable[[str, Iterable[tuple[ExpressionNode, Type]]], None]


def check_call(
    report: Report,
    name: str,
    parts: Sequence[ExpressionNode],
    types: Sequence[Type],
    check_dates: CheckDates,
) -> Type:
    """Check the arguments of one call and return the type of its result."""
    if name == "first_filled":
        return types[0] if len({found.kind for found in types}) == 1 else ANY
    if name == "working_days_between":
        check_dates(name, zip(parts, types, strict=True))
        return NUMBER
    check_dates(name, [(parts[0], types[0])])
    period = _period(parts[1])
    if period is None:
        seen = parts[1].value if isinstance(parts[1], Literal) else "…"
        report(
            "type-mismatch",
            say("add 的第二个参数是加引号的一段时间，实为“{seen}”", seen=seen),
            say("如 add({example})", example="today, '7 working days'"),
            str(seen),
        )
    elif _in_months(period) and _adds_months(parts[0]):
        report(
            "ambiguous-date-sum",
            say("连着两次加月或年：每次都会退到月末，与一次加足的结果可能不同"),
            say("请写成一次，如 add({example})", example="today, '2 months'"),
            "add",
        )
    return DATE


def _period(part: ExpressionNode) -> Period | None:
    if not isinstance(part, Literal) or not isinstance(part.value, str):
        return None
    return days_of(part.value.removeprefix("-").strip())


def _in_months(period: Period) -> bool:
    return period.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS)


def _adds_months(part: ExpressionNode) -> bool:
    """Tell whether a part is a sum of months, whatever is added to it on the way."""
    if not isinstance(part, Call) or part.name != "add":
        return False
    period = _period(part.arguments[1])
    return (period is not None and _in_months(period)) or _adds_months(part.arguments[0])
