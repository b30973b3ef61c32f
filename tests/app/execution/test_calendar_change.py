from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bureau_factories import CALENDAR, timekeeping
from visit_bureau import visit_bureau

from engine.app.execution.calendar_change import (
    PENDING,
    CalendarChange,
    announce_file,
    file_of,
    finish_change,
    plan_change,
    with_announced,
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
    return [str(line) for line in CalendarChange(year(), timekeeping(), (), moves, "").summary()]


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
    change = CalendarChange(year(), timekeeping(), (), (MOVE, late, reminded), "")
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


def test_announced_files_follow_one_after_the_other_and_nothing_else_is_left(tmp_path: Path) -> None:
    made = visit_bureau().at("2027-03-01")
    folder = tmp_path / "calendars"
    with made.store.write() as transaction:
        announce_file(transaction, folder / "2027.yaml", TEXT)
        announce_file(transaction, folder / "2028.yaml", TEXT.replace("2027", "2028"))
        announce_file(transaction, folder / "2027.yaml", f"{TEXT}# newer\n")
        counted = with_announced(timekeeping(CALENDAR), transaction)
    assert [counted.calendar.year(number) is not None for number in (2027, 2028, 2029)] == [True, True, False]
    assert finish_change(made.store, folder) == (folder / "2027.yaml", folder / "2028.yaml")
    assert (folder / "2027.yaml").read_text(encoding="utf-8") == f"{TEXT}# newer\n"
    assert sorted(path.name for path in folder.iterdir()) == ["2027.yaml", "2028.yaml"]
    assert finish_change(made.store, folder) == ()


def test_a_file_an_earlier_version_announced_is_written(tmp_path: Path) -> None:
    made = visit_bureau().at("2027-03-01")
    with made.store.write() as transaction:
        transaction.settings.put(PENDING, {"file": "2027.yaml", "text": TEXT})
    assert finish_change(made.store, tmp_path) == (tmp_path / "2027.yaml",)
    assert (tmp_path / "2027.yaml").read_text(encoding="utf-8") == TEXT


def test_what_the_disk_has_no_room_for_is_known_before(tmp_path: Path) -> None:
    file = tmp_path / "new" / "2027.yaml"
    beside = write_beside(file, b"text")
    assert (beside.read_bytes(), list(file.parent.iterdir())) == (b"text", [beside])
    assert write_beside(file, b"again") == beside
    with ThreadPoolExecutor() as pool:
        assert pool.submit(write_beside, file, b"another").result() != beside
    assert beside.read_bytes() == b"again"
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(OSError, match="taken"):
        write_beside(tmp_path / "taken" / "2027.yaml", b"text")


def test_a_change_that_was_announced_is_brought_to_its_end_once(tmp_path: Path) -> None:
    store = visit_bureau().store
    file = file_of(tmp_path, 2027)
    assert finish_change(store, tmp_path) == ()
    with store.write() as transaction:
        announce_file(transaction, file, TEXT)
    # The process that announced it has died before the file had its text.
    assert not file.exists()
    assert finish_change(store, tmp_path) == (file,)
    assert file.read_text("utf-8") == TEXT
    file.write_text("another", "utf-8")
    assert finish_change(store, tmp_path) == ()
    assert file.read_text("utf-8") == "another"
