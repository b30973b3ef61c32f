"""Adding twenty working days: this calendar, a loop over chinesecalendar, and the limit of a bare list.

Run as ``python -m benchmarks.worktime``. Processor time; only ratios within one run count: machines drift.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

import chinese_calendar

from engine.calendars.load import load_calendar, national_years
from engine.worktime.arithmetic import add_working_days

COUNT = 20
ROUNDS = 5


def measure() -> dict[str, float]:
    """Return medians: additions per second, the ratios between them, and the milliseconds of loading all years."""
    calendar = load_calendar()
    first = date(2010, 1, 1)
    starts = [first + timedelta(days=n) for n in range(0, 5600, 7)]
    working = [day for n in range(6300) if calendar.is_working(day := first + timedelta(days=n))]
    position = {start: sum(day <= start for day in working[:4500]) for start in starts}

    def ours() -> list[date]:
        return [add_working_days(calendar, start, COUNT) for start in starts]

    def loop() -> list[date]:
        return [_loop(start, COUNT) for start in starts]

    def bare_list() -> list[date]:
        return [working[position[start] + COUNT - 1] for start in starts]

    if not ours() == loop() == bare_list():
        raise AssertionError("the three ways disagree; nothing to compare")
    speed_ours, speed_list = _speed(ours, len(starts), 20), _speed(bare_list, len(starts), 20)
    speed_loop = _speed(loop, len(starts), 1)
    return {
        "additions_per_second": speed_ours,
        "chinesecalendar_loop_per_second": speed_loop,
        "bare_list_per_second": speed_list,
        "times_faster_than_chinesecalendar": speed_ours / speed_loop,
        "share_of_the_limit": speed_ours / speed_list,
        "load_all_years_ms": _loading(),
    }


def _loop(day: date, count: int) -> date:
    while count:
        day += timedelta(days=1)
        count -= chinese_calendar.is_workday(day)
    return day


def _speed(work: Callable[[], object], size: int, repeat: int) -> float:
    speeds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(repeat):
            work()
        speeds.append(size * repeat / (time.process_time() - started))
    return median(speeds)


def _loading() -> float:
    spent = []
    for _ in range(ROUNDS):
        national_years.cache_clear()
        started = time.process_time()
        load_calendar()
        spent.append((time.process_time() - started) * 1000)
    return median(spent)


def main() -> None:
    """Print the figures."""
    for name, value in measure().items():
        print(f"{name}\t{value:,.2f}" if value < 1000 else f"{name}\t{value:,.0f}")


if __name__ == "__main__":
    main()
