"""One year of a calendar, from dates as somebody wrote them: checks that name the place, the fault and the mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from engine.kernel.clean_text import quoted
from engine.language import Message, say
from engine.value import value
from engine.worktime.calendar import UnusualDay, YearData

#: The first and the last year a calendar may speak of.
EARLIEST, LATEST = 1949, 2200
#: A holiday of more days is unusual, and of more than a year a slip of the pen.
_MAX_DAYS, _MAX_RANGE = 31, 366
_WORKED, _LONG = "weekday_worked", "long_holiday"
_MISSING, _MANY_OFF, _MANY_WORKED = "holidays_missing", "many_days_off", "many_days_worked"
#: What the name of each holiday of 全国年节及纪念日放假办法 第二条 has in it, since 2008; one of a group is enough.
_HOLIDAYS = (
    ("元旦", "新年"), ("春节",), ("清明",), ("劳动", "五一"), ("端午",), ("中秋",), ("国庆", "十一"),
)  # fmt: skip
_SINCE = 2008
#: More in one year are unusual. The notices of 2004 to 2026 have at most 33 days off, those of weekends among them, and 12 worked.
_MOST_OFF, _MOST_WORKED = 45, 15
#: Days of 国庆 in a notice in which 中秋 falls among them and is not named (2020).
_BOTH = 8


#: Characters of the name of a holiday.
MAX_NAME_LENGTH = 100


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a holiday: something, and nothing that a terminal would not print."""
    return bool(text.strip()) and text.strip().isprintable() and len(text) <= MAX_NAME_LENGTH


@value
class CalendarProblem:
    """One thing that is wrong with a file of a calendar."""

    file: str
    #: Where in the file, as a person finds it: a line, a row, an entry. None: the whole file.
    place: Message | None
    seen: str
    expected: Message
    fix: Message | None = None

    def __str__(self) -> str:
        where = (
            say("{file} {place}", file=self.file, place=self.place)
            if self.place
            else say("{file}", file=self.file)
        )
        seen = self.seen if len(self.seen) <= 60 else self.seen[:57] + "…"
        text = (
            say("{where}：写的是“{seen}”；{expected}", where=where, seen=seen, expected=self.expected)
            if seen
            else say("{where}：{expected}", where=where, expected=self.expected)
        )
        return str(quoted(say("{text}。{fix}", text=text, fix=self.fix) if self.fix else text))

    def as_json(self) -> dict[str, str | None]:
        """Return plain values in the language of the process."""
        return {
            "file": self.file,
            "place": str(self.place) if self.place else None,
            "seen": self.seen,
            "expected": str(self.expected),
            "fix": str(self.fix) if self.fix else None,
        }


@value
class DayRange:
    """One or several days as written: ``2027-02-05`` or ``2027-02-05..2027-02-11``."""

    text: str
    place: Message
    off: bool
    name: str


def line(number: int) -> Message:
    """Return the place of a line."""
    return say("第 {line} 行", line=number)


def build_year(
    file: str,
    year: int,
    title: str,
    source: str,
    entries: Iterable[DayRange],
    *,
    confirmed: Sequence[UnusualDay] = (),
    ask: bool = False,
) -> tuple[YearData | None, tuple[CalendarProblem, ...]]:
    """Return the checked year, or None and every problem of its dates.

    A day that a rule finds unusual is a problem, unless it is among the `confirmed`; with `ask` it is left to whoever
    takes up the year, as one of its `unusual`.
    """
    if not EARLIEST <= year <= LATEST:
        expected = say("年份应为 {first} 至 {last} 的整数", first=EARLIEST, last=LATEST)
        return None, (CalendarProblem(file, None, str(year), expected, say("请核对年份")),)
    problems: list[CalendarProblem] = []
    unusual: list[UnusualDay] = []
    known = {(one.day, one.rule) for one in confirmed}
    seen: dict[date, DayRange] = {}
    for entry in entries:
        days = days_of(entry.text, _MAX_RANGE)
        if days is None:
            problems.append(_no_date(file, entry))
            continue
        found = [one for one in _unusual_days(entry, days) if (one.day, one.rule) not in known]
        if found and not ask:
            problems.append(_as_problem(file, found[0], entry))
            continue
        for day in days:
            problem = _misplaced(file, year, day, entry) or _twice(file, day, entry, seen.get(day))
            if problem is not None:
                problems.append(problem)
                break
            seen[day] = entry
        unusual += found
    if not seen and not problems:
        message = say("{year} 年应至少有一天放假", year=year)
        problems.append(CalendarProblem(file, None, "", message, say("请照国务院办公厅的通知填写")))
    if problems:
        return None, tuple(problems)
    holidays = {day: seen[day].name for day in sorted(seen) if seen[day].off}
    workdays = frozenset(day for day, entry in seen.items() if not entry.off)
    if ask:
        long = {one.day for one in unusual}
        runs = (run for run in _runs(holidays) if len(run) > _MAX_DAYS and run[0] not in long)
        unusual += [UnusualDay(run[0], _LONG) for run in runs]
        found = list(_unusual_whole(year, holidays, workdays))
        # A long holiday that is asked about is not asked about twice.
        has_long = any(one.rule == _LONG for one in unusual)
        unusual += [one for one in found if not (has_long and one.rule == _MANY_OFF)]
    kept = tuple(one for one in confirmed if one.day in seen)
    named = title or f"{year}年节假日安排"
    return YearData(
        year, named, source or file, holidays, workdays, kept, tuple(sorted(unusual, key=_by_day))
    ), ()


def _unusual_days(entry: DayRange, days: Sequence[date]) -> Iterator[UnusualDay]:
    if len(days) > _MAX_DAYS:
        yield UnusualDay(days[0], _LONG)
    if not entry.off:
        yield from (UnusualDay(day, _WORKED) for day in days if day.weekday() < 5)


def _unusual_whole(
    year: int, holidays: Mapping[date, str], workdays: Collection[date]
) -> Iterator[UnusualDay]:
    """Yield what is unusual about a year as a whole, each at a day of its own."""
    names = Counter(holidays.values())
    if sum(count for name, count in names.items() if "国庆" in name) >= _BOTH:
        names["中秋"] = 0
    if year >= _SINCE and not all(any(word in name for name in names for word in one) for one in _HOLIDAYS):
        yield UnusualDay(date(year, 1, 1), _MISSING)
    if len(holidays) > _MOST_OFF:
        yield UnusualDay(min(holidays), _MANY_OFF)
    if len(workdays) > _MOST_WORKED:
        yield UnusualDay(min(workdays), _MANY_WORKED)


def _as_problem(file: str, one: UnusualDay, entry: DayRange) -> CalendarProblem:
    return _no_date(file, entry) if one.rule == _LONG else _worked_anyway(file, one.day, entry)


def _by_day(one: UnusualDay) -> tuple[date, str]:
    return one.day, one.rule


def days_of(text: str, most: int = _MAX_DAYS) -> tuple[date, ...] | None:
    """Return the days of ``DATE`` or ``DATE..DATE`` (also ``DATE至DATE``); None when it is neither."""
    try:
        if len(text) == 10:
            start = end = _date(text)
        else:
            first, separator, last = text.replace("至", "..").partition("..")
            start = _date(first)
            end = _date(last) if separator else start
    except ValueError:
        return None
    if start.year < EARLIEST or end.year > LATEST or not 0 <= (end - start).days < most:
        return None
    if start is end:
        return (start,)
    return tuple(start + timedelta(days=n) for n in range((end - start).days + 1))


def ranges(days: Iterable[date]) -> Iterator[str]:
    """Yield days as ``DATE`` or ``DATE..DATE``, neighbours joined."""
    yield from map(_range, _runs(days))


def _runs(days: Iterable[date]) -> Iterator[list[date]]:
    run: list[date] = []
    for day in sorted(days):
        if run and (day - run[-1]).days > 1:
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _range(run: list[date]) -> str:
    return f"{run[0]}..{run[-1]}" if len(run) > 1 else f"{run[0]}"


def _date(text: str) -> date:
    text = text.strip()
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        raise ValueError(text)
    return date.fromisoformat(text)


def _no_date(file: str, entry: DayRange) -> CalendarProblem:
    return CalendarProblem(
        file,
        entry.place,
        entry.text,
        say("应为一个日期或一段日期（先早后晚，不超过 {most} 天）", most=_MAX_DAYS),
        say("请写成 2027-02-05 或 2027-02-05..2027-02-11"),
    )


def _misplaced(file: str, year: int, day: date, entry: DayRange) -> CalendarProblem | None:
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        return CalendarProblem(
            file,
            entry.place,
            entry.text,
            say("{year} 年的安排只能有 {year} 年的日期，或上一年 12 月的日期", year=year),
            say("请核对年份；其他年份的日期写在那一年的文件里"),
        )
    return None


def _worked_anyway(file: str, day: date, entry: DayRange) -> CalendarProblem:
    return CalendarProblem(
        file,
        entry.place,
        entry.text,
        say("{day} 是周一至周五，本来就上班，不能是调休上班日", day=day.isoformat()),
        say("请核对通知；调休上班日总在周六或周日"),
    )


def _twice(file: str, day: date, entry: DayRange, first: DayRange | None) -> CalendarProblem | None:
    if first is None:
        return None
    if first.off != entry.off:
        expected = say("{day} 不能既放假又上班（另见{place}）", day=day.isoformat(), place=first.place)
    else:
        expected = say("{day} 写了两次（另见{place}）", day=day.isoformat(), place=first.place)
    return CalendarProblem(file, entry.place, entry.text, expected, say("请核对通知，只留一处"))
