"""Reading a register's file as a whole, and writing the rows that could not be imported."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.language import say
from engine.register.import_result import ImportResult, read_register, write_skipped
from engine.register.problem import FileProblem, RowProblem
from engine.register.profile import built_in
from engine.register.sheet.checked_entries import CheckedEntry

GOOD = "人员编号,姓名,星座\np1,甲,水瓶\n"
ENTRY = CheckedEntry("people", "p1", "甲")
PROBLEM = RowProblem(2, "姓名", "", say("必须填写"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "人员.csv"


def read(file: Path, text: str, **more: object) -> ImportResult:
    file.write_text(text, encoding="utf-8")
    return read_register("people", file, **more)  # type: ignore[arg-type]  # the options of the function


def test_a_good_file(file: Path) -> None:
    found = read(file, GOOD)
    assert found.ok is True
    assert [entry.id for entry in found.entries] == ["p1"]
    assert found.importable() == found.entries
    assert found.ignored_columns == ("星座",)
    assert found.mapping == (("人员编号", "id", "人员编号"), ("姓名", "name", "姓名"))
    assert (found.kind, found.rows, found.header, found.notes) == (
        "people",
        1,
        ("人员编号", "姓名", "星座"),
        (),
    )


def test_bad_rows_keep_everything_out_unless_they_are_skipped() -> None:
    bad = ImportResult(kind="people", entries=(ENTRY,), problems=(PROBLEM,))
    assert (bad.ok, bad.importable(), bad.importable(skip_bad=True)) == (False, (), (ENTRY,))
    worse = ImportResult(kind="people", entries=(ENTRY,), faults=(FileProblem(say("坏")),))
    assert (worse.ok, worse.importable(), worse.importable(skip_bad=True)) == (False, (), ())


def test_faults_of_the_file_are_returned_not_raised(file: Path) -> None:
    assert [str(fault) for fault in read(file, "人员编号,姓名\n").faults] == [
        "第 1 行：只有表头，没有一行内容"
    ]
    assert "表是空的" in str(read(file, "").faults[0])
    assert "打不开文件" in str(read_register("people", file.parent / "none.csv").faults[0])
    with pytest.raises(KeyError):
        read_register("pets", file)


def test_a_profile_is_given_or_read_from_its_file(file: Path, tmp_path: Path) -> None:
    own = tmp_path / "方案.yaml"
    own.write_text("register: people\nheaders: {工卡: id}\n", encoding="utf-8")
    text = "工卡,姓名\np1,甲\n"
    assert [entry.id for entry in read(file, text, profile=own).entries] == ["p1"]
    assert read(file, GOOD, profile=built_in("people")).ok
    own.write_text("register: pets\n", encoding="utf-8")
    assert "register 应为" in str(read(file, text, profile=own).faults[0])
    assert [str(fault) for fault in read(file, GOOD, profile=built_in("experts")).faults] == [
        "导入方案是专家库的，不能用来导入工作人员"
    ]


def test_ratings_without_a_date_are_counted_in_a_note(file: Path) -> None:
    profile = built_in("objects")
    rating = next(row for row in profile.lists.values() if row.into == "ratings")
    titles = [profile.columns[rating.parts[part]].title for part in ("class", "date")]
    file.write_text(
        f"统一社会信用代码,名称,{','.join(titles)}\nc-1,甲,A,\nc-2,乙,A,2026-01-01\n", encoding="utf-8"
    )
    own = file.parent / "p.yaml"
    own.write_text("register: objects\nheaders: {名称: name, 统一社会信用代码: id}\ncolumns:\n  id: {title: 编号, type: id, required: true}\n", encoding="utf-8")  # fmt: skip
    found = read_register("objects", file, own)
    assert found.ok, [str(problem) for problem in (*found.faults, *found.problems)]
    assert [str(note) for note in found.notes] == [
        "1 行的等级没有评定日期；同一等级制有几次评定时，无日期的视为最早"
    ]


def test_skipped_rows_are_written_with_their_reasons_and_can_be_read_again(
    file: Path, tmp_path: Path
) -> None:
    found = read(file, "人员编号,姓名,备注\np1,甲,x\n！,,=1+1\np3,乙,-5\n,丙,@x,多\n")
    out = tmp_path / "out.csv"
    assert write_skipped(found, out) == 2
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0] == ["人员编号", "姓名", "备注", "", "行号", "问题"]
    assert rows[1][:5] == ["！", "", "'=1+1", "", "3"]
    assert rows[1][5].split("\n") == [str(problem) for problem in found.problems if problem.row == 3]
    assert rows[2][2:5] == ["'@x", "多", "5"]
    again = read(
        file, out.read_text(encoding="utf-8-sig").replace("！,", "p2,丁", 1).replace("\n,丙", "\np4,丙")
    )
    assert "行号" not in again.ignored_columns
    assert "问题" not in again.ignored_columns


@given(
    st.lists(
        st.lists(st.text(st.sampled_from("=@+-1a甲"), max_size=4), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=25)
def test_no_cell_that_is_written_is_a_formula(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    out = tmp_path_factory.getbasetemp() / "skipped.csv"
    bad = tuple((number, tuple(cells)) for number, cells in enumerate(rows, 2))
    out.unlink(missing_ok=True)
    assert write_skipped(ImportResult(kind="people", header=("a",), bad_rows=bad), out) == len(rows)
    with out.open(encoding="utf-8-sig", newline="") as lines:
        _, *written = csv.reader(lines)
    for cells, row in zip(rows, written, strict=True):
        assert [cell.removeprefix("'") for cell in row[: len(cells)]] == cells
        assert not any(cell[:1] in ("=", "@") for cell in row[: len(cells)])
