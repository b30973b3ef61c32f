"""Finding the header of a table, and what keeps a table from being read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.clean_text import MAX_QUOTED
from engine.register import columns
from engine.register.profile import built_in
from engine.register.sheet.header import (
    MAX_TITLES,
    SEARCHED,
    Header,
    find_header,
    header_problems,
    no_header,
    recognised,
)

PEOPLE = built_in("people")


def rows(*lines: str) -> list[tuple[int, list[str]]]:
    """Rows written with blanks between their cells; ``_`` is an empty cell."""
    return [
        (number, [cell.replace("_", "") for cell in line.split(" ")]) for number, line in enumerate(lines, 1)
    ]


def test_how_many_different_columns_a_row_names() -> None:
    assert recognised(["人员编号", "姓名", "编号", "", "星座"], PEOPLE) == 2
    assert recognised([], PEOPLE) == 0


def test_the_row_that_names_most_columns_is_the_header() -> None:
    found = find_header(rows("姓名 花名册", "_ _", "序号 人员编号* 姓名 _", "1 p1 甲"), PEOPLE)
    assert found == Header(3, ("序号", "人员编号*", "姓名"), (None, "id", "name"))
    assert found.ignored(PEOPLE) == ()


@given(st.integers(0, SEARCHED + 3))
@settings(max_examples=20)
def test_a_header_is_looked_for_near_the_top_only(above: int) -> None:
    found = find_header(rows(*["x"] * above, "人员编号 姓名"), PEOPLE)
    assert (found is not None) is (above < SEARCHED)
    assert found is None or found.row == above + 1


@pytest.mark.parametrize(
    "char", [*"\u034f\u115f\u17b4\u180b\u2065\u2800\u3164\ufe00\ufff0", "\U000e0100", "\U000e0fff"]
)
def test_what_nobody_sees_in_a_title_is_no_part_of_it(char: str) -> None:
    found = find_header(rows(f"人员{char}编号 {char}姓名{char}", "p1 甲"), PEOPLE)
    assert found is not None
    assert found.columns == ("id", "name")
    assert header_problems(found, PEOPLE) == ()


def test_two_rows_of_merged_cells_are_one_header() -> None:
    found = find_header(rows("人员编号 姓名 联系方式 _", "_ _ 手机 邮箱", "p1 甲 1 2"), PEOPLE)
    assert found == Header(
        2, ("人员编号", "姓名", "联系方式手机", "联系方式邮箱"), ("id", "name", "phone", "email")
    )


def test_the_lower_of_two_rows_may_name_more() -> None:
    found = find_header(rows("人员编号 基本情况 _ _ _", "_ 股室 手机 邮箱 职务", "p1 甲 1 2 3"), PEOPLE)
    assert found is not None
    assert (found.row, found.columns) == (2, ("id", "section", "phone", "email", "title"))
    assert found.titles == ("人员编号", "基本情况股室", "基本情况手机", "基本情况邮箱", "基本情况职务")


def test_a_first_row_of_content_does_not_become_part_of_the_header() -> None:
    found = find_header(rows("人员编号 姓名 职务 状态", "p1 职务 状态 x"), PEOPLE)
    assert found is not None
    assert found.row == 1


def test_titles_the_register_does_not_know_are_named() -> None:
    header = Header(1, ("序号", "姓名", "星座", ""), (None, "name", None, None))
    assert header.ignored(PEOPLE) == ("星座",)


def test_a_sound_header_has_no_problem() -> None:
    assert header_problems(Header(1, ("人员编号", "姓名"), ("id", "name")), PEOPLE) == ()
    fixed = replace(PEOPLE, fixed={"name": "甲"})
    assert header_problems(Header(1, ("人员编号",), ("id",)), fixed) == ()


@pytest.mark.parametrize(
    ("header", "message", "hint"),
    [
        (
            Header(2, ("人员编号", "姓名", "人员姓名"), ("id", "name", "name")),
            "2 列都是“姓名”：姓名、人员姓名",
            "请只留一列，或在导入方案的 ignore 中写明不用的一列",
        ),
        (
            Header(2, ("人员编号", "星座"), ("id", None)),
            "缺少“姓名”列；表头有：人员编号、星座",
            "这一列可写作：姓名、人员姓名",
        ),
        (
            Header(2, ("人员编号", "人员姓各"), ("id", None)),
            "缺少“姓名”列；表头有：人员编号、人员姓各",
            "“人员姓各”是否就是“姓名”？请改表头，或在导入方案的 headers 中写明",
        ),
    ],
)
def test_a_column_missing_or_named_twice(header: Header, message: str, hint: str) -> None:
    (problem,) = header_problems(header, PEOPLE)
    assert (str(problem.message), str(problem.hint), problem.row) == (message, hint, 2)


def test_a_table_without_a_header_is_told_what_one_looks_like() -> None:
    assert str(no_header([], PEOPLE)) == "表是空的 （提示：第一行应为表头，如：人员编号、姓名）"
    assert str(no_header(rows("星座 _ 血型", "x y"), PEOPLE)) == (
        "前 2 行中没有工作人员的表头 （提示：第 1 行是：星座、血型；表头至少要有：人员编号、姓名）"
    )


def test_a_title_is_looked_at_once_however_often_it_stands_there(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    plain = columns.fold

    def counted(text: str) -> str:
        seen.append(text)
        return plain(text)

    monkeypatch.setattr(columns, "fold", counted)
    long = "企业名穪" * 126
    cells = ["人员编号", *["星座" * 20] * 1_000, *[long] * 1_000]
    found = find_header([(number, cells) for number in range(1, 15)], PEOPLE)
    assert found is not None
    # One that is too long for a title is not even looked at.
    assert Counter(seen) == {"人员编号": 1, "星座" * 20: 1}
    (problem, *_) = header_problems(found, PEOPLE)
    assert len(str(problem.message)) < MAX_TITLES * MAX_QUOTED
