"""The office hours of a bureau, seasons before the rest of the year."""

from __future__ import annotations

from datetime import time

import pytest
from parts import book_of, said, value_of

from engine.definition.reader.deadlines.office_hours import read_office_hours
from engine.worktime.periods import Season

MORNING, AFTERNOON = (time(9), time(12)), (time(13, 30), time(17))


def read(text: str) -> tuple[tuple[Season, ...], list[str]]:
    diagnostics = book_of(text)
    return read_office_hours(diagnostics, value_of(text)), said(diagnostics)


def test_hours_of_all_the_year_and_of_seasons() -> None:
    assert read('{hours: ["09:00-12:00", "13:30-17:00"]}') == ((Season((MORNING, AFTERNOON)),), [])
    found, problems = read(
        '{hours: "09:00-12:00", seasons: [{from: "06-01", to: 9月30日, hours: ["13:30-17:00"]},'
        ' {from: "02-29", to: "03-01", hours: "09:00-12:00"}]}'
    )
    assert problems == []
    assert found == (
        Season((AFTERNOON,), (6, 1), (9, 30)),
        Season((MORNING,), (2, 29), (3, 1)),
        Season((MORNING,)),
    )


def test_nothing_written_is_nothing_said() -> None:
    assert read_office_hours(book_of(), None) == ()
    assert read("[]") == ((), ["1:4 wrong-shape 此处应是“键: 值”，实为列表"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{hours: "9-12"}', "wrong-shape 此处应是一段办公时间，实为“9-12”"),
        ('{hours: "12:00-09:00"}', "wrong-shape 此处应是一段办公时间，实为“12:00-09:00”"),
        ('{hours: "25:00-26:00"}', "wrong-shape 此处应是一段办公时间，实为“25:00-26:00”"),
        ('{hours: ["13:30-17:00", "09:00-12:00"]}', "wrong-shape “09:00-12:00”与前一段重叠或在其之前"),
        ("{seasons: []}", "missing-key 缺少“hours”"),
        (
            '{hours: "09:00-12:00", seasons: [{from: "02-30", to: "03-01", hours: "09:00-12:00"}]}',
            "wrong-shape 此处应是月日，实为“02-30”",
        ),
        (
            '{hours: "09:00-12:00", seasons: [{from: spring, to: "03-01", hours: "09:00-12:00"}]}',
            "wrong-shape 此处应是月日，实为“spring”",
        ),
    ],
)
def test_hours_that_cannot_be(text: str, problem: str) -> None:
    found, problems = read(text)
    assert len(found) <= 1
    (one,) = problems
    assert one.split(" ", 1)[1].startswith(problem)


def test_a_season_that_is_wrong_leaves_the_rest() -> None:
    found, problems = read('{hours: "09:00-12:00", seasons: [{from: "06-01", to: "09-30", hours: "x"}, 5]}')
    assert found == (Season((MORNING,)),)
    assert len(problems) == 2
