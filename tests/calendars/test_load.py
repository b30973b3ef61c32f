"""The shipped years, and what a deployment puts on top of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.calendars.load import (
    LOCAL,
    NATIONAL,
    CalendarFileError,
    load_calendar,
    national_years,
    read_directory,
)
from engine.calendars.year import CalendarProblem
from engine.language import say
from engine.worktime.calendar import Override


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def year(day: str, number: int = 2027) -> str:
    return f"year: {number}\nholidays: {{元旦: {day}}}\n"


def test_the_shipped_years_follow_each_other() -> None:
    years = national_years()
    assert [data.year for data in years] == list(range(2004, 2004 + len(years)))
    assert len(years) == len(list(NATIONAL.glob("*.yaml")))
    assert load_calendar().years == years
    assert load_calendar().overrides == ()


def test_a_folder_gives_years_closures_and_problems(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", year("2027-01-01"))
    write(tmp_path, "2028.yml", year("2028-01-03", 2028))
    write(tmp_path, "notes.txt", "x")
    write(tmp_path, "bad.yaml", "year: 2029\n")
    write(tmp_path, LOCAL, "closures: {2027-03-01: 停电}\n")
    years, overrides, problems = read_directory(tmp_path)
    assert [data.year for data in years] == [2027, 2028]
    assert overrides == (Override(date(2027, 3, 1), False, "停电"),)
    assert [(problem.file, str(problem.expected)) for problem in problems] == [
        (str(tmp_path / "bad.yaml"), "2029 年应至少有一天放假")
    ]
    assert read_directory(tmp_path / "absent") == ((), (), ())


def test_one_year_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        write(tmp_path, name, year("2027-01-01"))
    years, _, problems = read_directory(tmp_path)
    assert len(years) == 1
    assert [str(problem.expected) for problem in problems] == ["2027 年在同一文件夹的 a.yaml 中已有"]


def test_a_later_folder_replaces_a_year_and_adds_its_closures(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    write(first, "2027.yaml", year("2027-01-01"))
    write(first, LOCAL, "closures: {2027-03-01: 停电}\n")
    write(second, "2027.yaml", year("2027-01-04"))
    write(second, LOCAL, "openings: {2027-03-06: 补班}\n")
    calendar = load_calendar([first, second])
    found = calendar.year(2027)
    assert found is not None
    assert list(found.holidays) == [date(2027, 1, 4)]
    assert [override.reason for override in calendar.overrides] == ["停电", "补班"]


def test_every_problem_of_every_folder_is_in_the_error(tmp_path: Path) -> None:
    first = write(tmp_path / "a", "2027.yaml", "year: 2027\n")
    second = write(tmp_path / "b", LOCAL, "closures: {soon: x}\n")
    with pytest.raises(CalendarFileError) as caught:
        load_calendar([first, second])
    assert [Path(problem.file).name for problem in caught.value.problems] == ["2027.yaml", LOCAL]


def test_the_error_in_words() -> None:
    problems = [
        CalendarProblem("a.yaml", None, "", say("应为日期")),
        CalendarProblem("b", None, "", say("空的")),
    ]
    error = CalendarFileError(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "a.yaml：应为日期\nb：空的"
    assert str(error.message) == "工作日历有误：a.yaml：应为日期、b：空的"
