from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from bureau_factories import CALENDAR, timekeeping
from visit_bureau import visit_bureau

from engine.app.execution.calendar_change import (
    CalendarChange,
    file_of,
    plan_change,
    with_year,
    write_beside,
)
from engine.app.execution.recompute import MovedDeadline
from engine.calendars.yaml_year import read_year
from engine.worktime.calendar import YearData

TEXT = "year: 2027\ntitle: 示例\nsource: 示例\nholidays: {示例假: [2027-03-02, 2027-03-03]}\nworkdays: []\n"
MOVE = MovedDeadline("c-1", "甲", "draft", date(2027, 3, 8), date(2027, 3, 10), True, False, False)


def year() -> YearData:
    data, problems = read_year("new.yaml", TEXT.encode())
    assert data is not None, problems
    return data


def summary(*moves: MovedDeadline) -> list[str]:
    return [str(line) for line in CalendarChange(year(), timekeeping(), (), moves).summary()]


def test_a_change_in_sentences() -> None:
    assert summary() == ["没有正在计时的时限因此变动"]
    late = replace(MOVE, after=date(2027, 3, 1), becomes_overdue=True, was_provisional=False)
    reminded = replace(MOVE, after=MOVE.before, is_provisional=True)
    assert summary(MOVE, late, reminded) == [
        "2 项时限改到另一天",
        "1 项到期日不变，提醒改到另一天",
        "原在 2027-03-08 至 2027-03-08 之间，改后在 2027-03-01 至 2027-03-10 之间",
        "1 项由暂定改为确定",
        "其中 1 项改后即已逾期",
    ]
    change = CalendarChange(year(), timekeeping(), (), (MOVE, late, reminded))
    assert (change.moved, change.overdue) == ((MOVE, late), (late,))


def test_a_year_is_planned_and_nothing_changes() -> None:
    bureau = visit_bureau().at("2027-03-01")
    case = bureau.start("plan")
    with bureau.look() as transaction:
        change = plan_change(bureau.application, transaction, bureau.clock.now(), year())
    assert [(move.case, move.before, move.after) for move in change.moves] == [
        (case, date(2027, 3, 8), date(2027, 3, 10))
    ]
    assert (change.data, change.time.calendar.year(2027)) == (year(), year())
    assert change.changes != ()
    assert bureau.application.definitions.time.calendar.year(2027) is None
    assert with_year(timekeeping(CALENDAR), year()).calendar.year(2027) == year()


def test_the_file_of_a_year_is_found_whatever_its_name(tmp_path: Path) -> None:
    assert file_of(tmp_path, 2027) == tmp_path / "2027.yaml"
    (tmp_path / "local.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.yaml").write_text(TEXT.replace("2027", "2028"), encoding="utf-8")
    assert file_of(tmp_path, 2027) == tmp_path / "2027.yaml"
    (tmp_path / "spring.yml").write_text(TEXT, encoding="utf-8")
    assert file_of(tmp_path, 2027) == tmp_path / "spring.yml"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "2027.yaml"
    for content in (b"a longer text", b"new"):
        write_beside(file, content).replace(file)
        assert file.read_bytes() == content
    assert list(tmp_path.iterdir()) == [file]
