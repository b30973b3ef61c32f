"""Why a deadline falls where it does: each day that was passed, whether it counts, and for what reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from engine.language import Message, say
from engine.worktime.arithmetic import add_working_days, next_date, rolled
from engine.worktime.calendar import Calendar, DayKind, DayStatus
from engine.worktime.periods import YearDate

_WEEKDAYS = (
    say("星期一"),
    say("星期二"),
    say("星期三"),
    say("星期四"),
    say("星期五"),
    say("星期六"),
    say("星期日"),
)


@dataclass(frozen=True, slots=True)
class DayStep:
    """One day a count passed."""

    day: date
    status: DayStatus
    #: The how-manieth working day it is; None for a day that does not count.
    number: int | None

    @property
    def counts(self) -> bool:
        """Tell whether the day counts."""
        return self.number is not None

    @property
    def provisional(self) -> bool:
        """Tell whether the day is in a year that is not published."""
        return self.status.provisional

    @property
    def sentence(self) -> Message:
        """Return the step as one sentence."""
        plain = _sentence(self.day, self.status, self.number)
        if not self.provisional:
            return plain
        return say(
            "{sentence}（暂定：{year} 年放假安排尚未公布，按周一至周五计）",
            sentence=plain,
            year=self.day.year,
        )

    def __str__(self) -> str:
        return str(self.sentence)


def explain(calendar: Calendar, day: date, count: int) -> tuple[DayStep, ...]:
    """Return every day passed from `day` (not included) to the `count`-th working day from it (included).

    A negative count goes back in time; 0 passes no day. Raises ValueError when the count ends outside the years 1
    to 9999.
    """
    end = add_working_days(calendar, day, count)
    step = timedelta(days=1 if count > 0 else -1)
    steps: list[DayStep] = []
    number = 0
    while day != end:
        day += step
        status = calendar.status(day)
        number += status.working
        steps.append(DayStep(day, status, number if status.working else None))
    return tuple(steps)


def explain_date(calendar: Calendar, start: date, limit: YearDate) -> tuple[Message, ...]:
    """Return what moved a date of the year away from the day it names; empty when nothing did."""
    day = next_date(start, limit)
    found: list[Message] = []
    if (day.month, day.day) != (limit.month, limit.day):
        found.append(say("{year} 年没有 2 月 29 日，按 2 月 28 日计", year=day.year))
    moved, provisional = rolled(calendar, day, limit.roll)
    if moved < day:
        found.append(say("{reason}，提前到 {moved}", reason=describe(calendar, day), moved=moved.isoformat()))
    elif moved > day:
        found.append(say("{reason}，顺延到 {moved}", reason=describe(calendar, day), moved=moved.isoformat()))
    if provisional:
        found.append(provisional_sentence(calendar, moved))
    return tuple(found)


def describe(calendar: Calendar, day: date) -> Message:
    """Return what a day is, as one sentence."""
    return _sentence(day, calendar.status(day), None)


def provisional_sentence(calendar: Calendar, end: date) -> Message:
    """Return the sentence beside a date which is 暂定."""
    through = calendar.published_through
    if through is None:
        return say("暂定：{day} 只按周一至周五推算，日历里还没有任何年份的放假安排", day=end.isoformat())
    if end.year <= through:
        return say(
            "暂定：推算到 {day} 时经过了没有放假安排的年份，这些年份按周一至周五计", day=end.isoformat()
        )
    return say(
        "暂定：放假安排只公布到 {through} 年，其后按周一至周五计；新一年的安排导入后，{day} 可能变动",
        through=through,
        day=end.isoformat(),
    )


def _sentence(day: date, status: DayStatus, number: int | None) -> Message:
    values = {
        "day": day.isoformat(),
        "weekday": _WEEKDAYS[day.weekday()],
        "name": status.name,
        "number": number,
    }
    if number is None:
        return _PLAIN[status.kind](values)
    return _COUNTED[status.kind](values)


_PLAIN = {
    DayKind.WORKDAY: lambda v: say("{day}（{weekday}）是工作日", **v),
    DayKind.MAKE_UP: lambda v: say("{day}（{weekday}）调休上班", **v),
    DayKind.OPENING: lambda v: say("{day}（{weekday}）本单位照常办公（{name}）", **v),
    DayKind.WEEKEND: lambda v: say("{day}（{weekday}）周末，不计", **v),
    DayKind.HOLIDAY: lambda v: say("{day}（{weekday}）{name}假期，不计", **v),
    DayKind.CLOSURE: lambda v: say("{day}（{weekday}）本单位不办公（{name}），不计", **v),
}
_COUNTED = {
    DayKind.WORKDAY: lambda v: say("{day}（{weekday}）第 {number} 个工作日", **v),
    DayKind.MAKE_UP: lambda v: say("{day}（{weekday}）调休上班，第 {number} 个工作日", **v),
    DayKind.OPENING: lambda v: say("{day}（{weekday}）本单位照常办公（{name}），第 {number} 个工作日", **v),
}
