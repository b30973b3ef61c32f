"""A year of days off and worked weekends, entered from the notice: read back, with what it moves, before two take it up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.calendar import DayConfirmation, adopt_year
from engine.app.queries.calendar import preview_year
from engine.calendars.import_file import read_calendar_year
from engine.calendars.unusual import day_sentence
from engine.deployment.open import timekeeping
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.app.queries.calendar import CalendarChange
    from engine.deployment.home import Home
    from engine.worktime.calendar import YearData

#: Moves of deadlines that are listed.
MAX_MOVES = 100
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.|至|到|~)\s*(\d{4}-\d{2}-\d{2}))?")
#: Days one line may span.
_MAX_DAYS = 31


def show(visit: PageVisit) -> Answer:
    """Show the years there are; take in another."""
    home = visit.workbench.home
    application = visit.workbench.application
    known = application.definitions.time.calendar.years
    if visit.method == "GET" or home is None:
        return _page(
            visit, known, wrong=() if visit.method == "GET" else (say("这里没有存放放假安排的目录"),)
        )
    data, wrong = _typed_year(visit)
    if data is None:
        return _page(visit, known, wrong=wrong, status=422)
    confirmed = _confirmed(visit)
    change = preview_year(application, visit.person, data, confirmed, lambda: timekeeping(home))
    if isinstance(change, Refusal):
        return _page(visit, known, wrong=_sentences(change), status=status_of(change))
    if visit.typed.one("do") != "adopt" or change.data.unusual:
        return _page(visit, known, change=change)
    return _adopted(visit, known, home, data, confirmed)


def _adopted(
    visit: PageVisit,
    known: Sequence[YearData],
    home: Home,
    data: YearData,
    confirmed: Sequence[DayConfirmation],
) -> Answer:
    done = adopt_year(
        visit.workbench.application,
        Caller(visit.person),
        home.calendars,
        data,
        lambda: timekeeping(home),
        confirmed,
        visit.typed.one("instead_of") if "instead_of" in visit.typed.texts else None,
    )
    if isinstance(done, Refusal):
        # Two agree to it: what is proposed is said in the same words as a refusal.
        return refused(visit, done)
    return _page(
        visit,
        known,
        done=say("已采用 {year} 年，重算时限 {count} 项。", year=data.year, count=len(done.moves)),
    )


def _page(
    visit: PageVisit,
    known: Sequence[YearData],
    *,
    wrong: Sequence[Message] = (),
    change: CalendarChange | None = None,
    done: Message | None = None,
    status: int = 200,
) -> Answer:
    moves = list(change.moves) if change is not None else []
    return page(
        visit,
        "calendars.html",
        status=status,
        known=[(one.year, one.source, len(one.holidays), len(one.workdays)) for one in reversed(known)],
        wrong=wrong,
        change=change,
        sentences=[*change.changes, *change.summary()] if change is not None else [],
        moves=moves[:MAX_MOVES],
        more=max(0, len(moves) - MAX_MOVES),
        unusual=[(one.day, day_sentence(one)) for one in change.data.unusual] if change is not None else [],
        done=done,
    )


def _typed_year(visit: PageVisit) -> tuple[YearData | None, Sequence[Message]]:
    """Return the year as it was typed, or every line that cannot be read."""
    typed = visit.typed
    wrong: list[Message] = []
    off = dict(_days(typed.one("holidays"), wrong, named=True))
    worked = [day for day, _ in _days(typed.one("workdays"), wrong, named=False)]
    if wrong:
        return None, wrong
    lines = [
        f"year: {typed.one('year').strip()}",
        f"title: {_quoted(typed.one('year').strip() + '年节假日安排')}",
        f"source: {_quoted(typed.one('source').strip())}",
        "holidays:",
        *(f"  {day.isoformat()}: {_quoted(name)}" for day, name in off.items()),
        "workdays:" if worked else "workdays: []",
        *(f"  - {day.isoformat()}" for day in worked),
    ]
    data, problems = read_calendar_year("typed.yaml", "\n".join(lines).encode())
    return data, [say("{text}", text=str(one)) for one in problems]


def _days(text: str, wrong: list[Message], *, named: bool) -> Iterator[tuple[date, str]]:
    """Yield the days of each line: a name and days or spans of days behind it."""
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line.strip():
            continue
        spans = list(_SPAN.finditer(line))
        name = line[: spans[0].start()].strip(" \t:：、，,") if spans else ""
        if not spans or (named and not name):
            wrong.append(
                say("看不懂这一行：“{line}”；应如“春节 2027-02-05..2027-02-11”", line=line.strip()[:60])
            )
            continue
        for span in spans:
            try:
                first, last = (date.fromisoformat(one) for one in (span[1], span[2] or span[1]))
            except ValueError:
                wrong.append(say("“{text}”不是日期", text=span[0]))
                continue
            if not first <= last < first + timedelta(days=_MAX_DAYS):
                wrong.append(say("“{text}”的起止不对", text=span[0]))
                continue
            yield from ((first + timedelta(days=more), name) for more in range((last - first).days + 1))


def _quoted(text: str) -> str:
    return (
        '"'
        + "".join(one for one in text if one.isprintable()).replace("\\", "").replace('"', "'")[:400]
        + '"'
    )


def _confirmed(visit: PageVisit) -> list[DayConfirmation]:
    reason = visit.typed.one("reason").strip()
    found = []
    for text in visit.typed.all("confirm"):
        try:
            found.append(DayConfirmation(date.fromisoformat(text), reason))
        except ValueError:
            continue
    return found if reason else []


def _sentences(refusal: Refusal) -> list[Message]:
    return [reason.message for reason in refusal.reasons]
