"""Loading calendars: the national years that are shipped, a deployment's own years and closures on top."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import engine.worktime
from engine.calendars.kept_years import years_of
from engine.calendars.year import CalendarProblem
from engine.files.reading import read_file
from engine.kernel.budget import CALENDAR
from engine.language import Message, say
from engine.worktime.calendar import Calendar, Override, YearData

#: The shipped years, one YAML file each.
NATIONAL = Path(engine.worktime.__file__).parent / "data" / "national"
#: The file of a deployment's ``calendars`` folder that holds the bureau's own closures and openings.
LOCAL = "local.yaml"


class CalendarFileError(Exception):
    """A calendar file cannot stand; `problems` holds everything that is wrong, `message` all of it as a sentence."""

    def __init__(self, problems: Sequence[CalendarProblem]) -> None:
        self.problems = tuple(problems)
        self.message: Message = say(
            "工作日历有误：{problems}", problems=[str(problem) for problem in problems]
        )
        super().__init__(self.message.text)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


def load_calendar(directories: Sequence[Path] = ()) -> Calendar:
    """Return the national calendar with the years and closures of `directories` on top.

    A year in a directory replaces the shipped one, and that of an earlier directory, whole. A directory that is not there counts as empty. Raises
    CalendarFileError with every problem of every file.
    """
    national = _national()
    years = {data.year: data for data in national.years}
    overrides: list[Override] = []
    problems: list[CalendarProblem] = []
    for directory in directories:
        found, closures, wrong = read_directory(directory)
        years.update((data.year, data) for data in found)
        overrides += closures
        problems += wrong
    if problems:
        raise CalendarFileError(problems)
    made = tuple(years.values())
    # A calendar is frozen: that of the notices alone is made once.
    return national if made == national.years and not overrides else Calendar(made, tuple(overrides))


def read_directory(
    directory: Path,
) -> tuple[tuple[YearData, ...], tuple[Override, ...], tuple[CalendarProblem, ...]]:
    """Return the years, the closures and openings, and the problems of the YAML files of one folder."""
    years: dict[int, tuple[str, YearData]] = {}
    overrides: tuple[Override, ...] = ()
    problems: list[CalendarProblem] = []
    files = sorted(
        path for path in directory.glob("*.y*ml") if path.suffix in (".yaml", ".yml") and path.is_file()
    )
    if files:
        # The reader of YAML with positions: most folders are empty, and the shipped years are kept as they were read.
        from engine.calendars.yaml_year import read_local, read_year
    for path in files:
        content = read_file(path, CALENDAR)
        if path.name == LOCAL:
            overrides, wrong = read_local(str(path), content)
            problems += wrong
            continue
        data, wrong = read_year(str(path), content)
        problems += wrong
        if data is None:
            continue
        if data.year in years:
            expected = say(
                "{year} 年在同一文件夹的 {other} 中已有", year=data.year, other=years[data.year][0]
            )
            problems.append(CalendarProblem(str(path), None, "", expected, say("请只留一个文件")))
        else:
            years[data.year] = (path.name, data)
    return tuple(data for _, data in years.values()), overrides, tuple(problems)


@cache
def national_years() -> tuple[YearData, ...]:
    """Return the shipped years. Raises CalendarFileError when a shipped file was damaged."""
    kept = NATIONAL.with_suffix(".json")
    if kept.is_file():
        return years_of(kept.read_bytes())
    return read_national()


def read_national() -> tuple[YearData, ...]:
    """Return the shipped years as their files say them. Raises CalendarFileError when one was damaged."""
    years, _, problems = read_directory(NATIONAL)
    if problems:
        raise CalendarFileError(problems)
    return years


@cache
def _national() -> Calendar:
    return Calendar(national_years())
