"""WorkbookRows: each malformed one named by row and column; differences by key."""

from __future__ import annotations

from dataclasses import replace

from format_factories import ONE, TWO, small, values

from engine.exchange.rows import differences, fault_matters, rows_of_texts, rows_of_values


def test_rows_of_values_name_what_cannot_be_written() -> None:
    used = small()
    found = rows_of_values(
        used, [values(ONE), values(TWO, name="一二三四五六七八九", result=["worse"], staff=0)]
    )
    assert [(one.row, one.column) for one in found.problems] == [(2, "企业名称"), (2, "结果")]
    assert [row.number for row in found.good] == [1]
    assert found.rows[0].key(used) == (ONE,)
    # What a person or the platform fills may be empty.
    assert found.rows[0].cells["area"] == found.rows[0].cells["number"] == ""
    assert not fault_matters(used.columns["area"], None)


def test_a_check_of_the_format_is_asked_of_each_sound_row() -> None:
    used = small()
    found = rows_of_values(used, [values(ONE, staff=0), values(TWO, staff=None)])
    assert [(one.row, str(one.expected)) for one in found.problems] == [(1, "人数应大于零")]


def test_each_malformed_row_of_a_file_is_named() -> None:
    used = small()
    sound = {"code": ONE, "name": "甲", "on": "2024/3/5", "staff": "3", "result": "1,2"}
    table = [
        (2, sound),
        (3, {**sound, "code": "91"}),
        (4, {**sound, "code": TWO, "on": "昨天", "staff": "三"}),
        (5, sound),
        (6, {**sound, "name": ""}),
    ]
    found = rows_of_texts(used, table)
    assert [(one.row, one.column) for one in found.problems if one.column] == [
        (3, "统一社会信用代码"),
        (4, "检查日期"),
        (4, "人数"),
        (6, "企业名称"),
    ]
    assert {(one.row, one.column) for one in found.problems if not one.column} == {(5, ""), (6, "")}
    assert all(f"第 {one.row} 行" in str(one) for one in found.problems)
    assert [row.number for row in found.good] == [2]


def test_differences_are_named_by_row_and_column() -> None:
    used = small()
    ours = rows_of_values(used, [values(ONE), values(TWO)]).rows
    theirs = [
        replace(ours[0], number=2, cells={**ours[0].cells, "staff": "4", "number": "P1", "area": "990102"}),
        replace(ours[1], number=3, cells={**ours[1].cells, "code": "X"}),
    ]
    found = differences(used, theirs, ours)
    assert [(one.row, one.column, one.theirs, one.ours) for one in found] == [
        (2, "人数", "4", "3"),
        (3, "", "", ""),
        (0, "", "", ""),
    ]
    assert "第 2 行“人数”" in str(found[0])
    assert "本局没有这一行" in str(found[1])
    assert "文件里没有" in str(found[2])
    assert differences(used, ours, ours) == []
