"""From the rows of a table to checked entries: what is complete, what is wrong, what repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.check import Checked, check_rows
from engine.register.columns import ListRow, Profile
from engine.register.profile import built_in
from engine.register.sheet.checked_entries import CheckedEntry
from engine.register.sheet.grid import Grid
from engine.register.sheet.header import Header

PEOPLE, OBJECTS, ITEMS = built_in("people"), built_in("objects"), built_in("items")
LISTS = {"sections": {"wages": "工资股"}, "roles": {"leader": "负责人"}}


def check(
    titles: str, *rows: str, profile: Profile = PEOPLE, ragged: bool = False, source: str = "表.csv"
) -> Checked:
    """Check rows written with blanks between their cells; ``_`` is an empty cell."""
    names = tuple(titles.split())
    header = Header(1, names, tuple(profile.column_of(name) for name in names))
    body: list[tuple[int, Sequence[str]]] = [
        (number, [cell.replace("_", "") for cell in row.split(" ")]) for number, row in enumerate(rows, 2)
    ]
    return check_rows(Grid(header, body, ragged_is_wrong=ragged), profile, codes=LISTS, source=source)


def said(checked: Checked) -> list[str]:
    return [f"{problem.row} {problem.column}：{problem.expected}" for problem in checked.problems]


def test_a_right_row_is_an_entry_without_what_is_not_known() -> None:
    checked = check("人员编号 姓名 股室 角色 备注", "p1 甲 工资股 负责人 x", "p2 乙 _ 无 _")
    assert checked.entries == (
        CheckedEntry("people", "p1", "甲", "wages", {"roles": ["leader"], "status": "active"}),
        CheckedEntry("people", "p2", "乙", None, {"status": "active"}),
    )
    assert (checked.rows, checked.problems, checked.bad) == (2, (), ())


def test_rows_with_nothing_but_their_number_are_blank() -> None:
    checked = check("序号 人员编号 姓名 星座", "1 p1 甲", "2 _ _", "_ _ _", "3 _ _ x")
    assert checked.rows == 2
    assert said(checked) == ["5 人员编号：必须填写", "5 姓名：必须填写"]
    assert checked.bad == ((5, ("3", "", "", "x")),)


def test_everything_wrong_with_a_row_is_said_in_the_order_of_its_columns() -> None:
    checked = check("姓名 人员编号 股室 电子邮箱", "甲 １ 别股 x")
    assert said(checked) == [
        "2 人员编号：应为 1 至 64 个半角字母、数字、“_”或“-”组成的编号",
        "2 股室：应为下列之一：工资股",
        "2 电子邮箱：应为电子邮箱，如 name@example.cn",
    ]
    assert checked.entries == ()


def test_what_excel_left_in_a_cell_is_no_content() -> None:
    checked = check("人员编号 姓名", "=A1+1 '甲", "p2 #N/A", "p3 #甲")
    assert said(checked) == [
        "2 人员编号：不接受公式",
        "2 姓名：开头多了一个单引号",
        "3 姓名：这是 Excel 的计算错误，不是内容",
    ]
    assert [entry.name for entry in checked.entries] == ["#甲"]


def test_what_nobody_sees_is_named_in_every_type_of_cell() -> None:
    checked = check(
        "人员编号 姓名 电子邮箱 股室", "p\u034f1 甲\u2800乙 a\u17b4@x.cn 工\ufff0资", "p2 葛\U000e0100 _ _"
    )
    assert [str(problem.hint) for problem in checked.problems[:4]] == [
        "第 2 位是看不见的字符（U+034F），请删去",
        "第 2 位是看不见的字符（U+2800），请删去",
        "第 2 位是看不见的字符（U+17B4），请删去",
        "第 2 位是看不见的字符（U+FFF0），请删去",
    ]
    unusual = checked.problems[-1].unusual
    assert unusual is not None
    assert (unusual.rule, unusual.id) == ("variation_selector", "p2")


def test_rows_that_are_too_long_or_too_short() -> None:
    checked = check("人员编号 姓名", "p1 甲 _ _", "p2 乙 丙", "p3", ragged=True)
    assert said(checked) == [
        "3 ：本行有 3 格，表头只有 2 格",
        "4 ：本行只有 1 格，表头有 2 格",
        "4 姓名：必须填写",
    ]
    assert said(check("人员编号 姓名", "p3"))[0] == "2 姓名：必须填写"


def test_of_two_rows_with_one_id_neither_is_taken_but_equal_ones_count_once() -> None:
    checked = check("人员编号 姓名", "p1 甲", "p1 乙", "p1 丙", "p2 丁", "p2 丁")
    assert said(checked) == [
        "2 人员编号：与第 3 行重复",
        "3 人员编号：与第 2 行重复",
        "4 人员编号：与第 2 行重复",
        "6 人员编号：与第 5 行完全相同",
    ]
    assert [entry.id for entry in checked.entries] == ["p2"]
    assert [row for row, _ in checked.bad] == [2, 3, 4, 6]


def test_a_profile_says_what_the_file_leaves_unsaid_and_how_it_words_it() -> None:
    own = replace(PEOPLE, fixed={"section": "工资股", "email": "x"}, values={"status": {"退": "离岗"}})
    checked = check("人员编号 姓名 状态", "p1 甲 退", profile=own)
    assert said(checked) == ["2 电子邮箱：应为电子邮箱，如 name@example.cn"]
    checked = check("人员编号 姓名 状态", "p1 甲 退", profile=replace(own, fixed={"section": "工资股"}))
    assert checked.entries == (CheckedEntry("people", "p1", "甲", "wages", {"status": "left"}),)


def test_a_default_does_not_hide_a_wrong_value() -> None:
    checked = check("人员编号 姓名 状态", "p1 甲 升迁")
    assert said(checked) == ["2 状态：应为下列之一：在岗、离岗"]


def test_a_column_can_be_needed_only_where_another_says_so() -> None:
    (wrong,) = check("事项编号 事项名称", "LD-01 劳动合同", profile=ITEMS).problems
    needed = next(column for column in ITEMS.columns.values() if column.needed_when)
    assert wrong.column == needed.title
    assert "时必须填写" in str(wrong.expected)
    assert wrong.hint is not None
    assert str(wrong.hint).startswith(f"请填写“{needed.title}”，或把“")
    other = next(iter(needed.needed_when))
    free = next(code for code in ITEMS.columns[other].choices if code not in needed.needed_when[other])
    relaxed = replace(ITEMS, fixed={other: free})
    assert check("事项编号 事项名称", "LD-01 劳动合同", profile=relaxed).problems == ()


def test_columns_are_gathered_into_rows_of_a_list() -> None:
    rows = {
        "scheme": ListRow(
            into="ratings",
            parts={"class": "title"},
            fixed={"scheme": "credit"},
            needs="class",
            source="source",
        ),
        "desk": ListRow(into="desks", parts={"phone": "phone", "mail": "email"}, needs="phone"),
    }
    made = replace(PEOPLE, lists={"scheme": replace(rows["scheme"], source=None), "desk": rows["desk"]})
    checked = check(
        "人员编号 姓名 职务 联系电话 电子邮箱", "p1 甲 A 12345 _", "p2 乙 _ _ a@b.cn", profile=made
    )
    first, second = (entry.data for entry in checked.entries)
    assert first["ratings"] == [{"date": None, "source": "表.csv", "scheme": "credit", "class": "A"}]
    assert first["desks"] == [{"phone": "12345", "mail": None}]
    assert second == {"status": "active"}


def test_the_source_of_a_row_is_the_file_where_the_file_says_nothing() -> None:
    row = ListRow(into="ratings", parts={"class": "title", "source": "phone"}, source="source", needs="class")
    made = replace(PEOPLE, lists={"scheme": row})
    checked = check("人员编号 姓名 职务 联系电话", "p1 甲 A _", "p2 乙 B 12345", profile=made)
    assert [entry.data["ratings"][0]["source"] for entry in checked.entries] == ["表.csv", "12345"]


@given(st.lists(st.tuples(st.sampled_from(["p1", "p2", "p3", "_", "！"]), st.sampled_from(["甲", "乙", "_"])), max_size=7))  # fmt: skip
@settings(max_examples=50)
def test_every_row_is_an_entry_or_a_bad_row(rows: list[tuple[str, str]]) -> None:
    checked = check("人员编号 姓名", *(" ".join(row) for row in rows))
    assert checked.rows == sum(row != ("_", "_") for row in rows) == len(checked.entries) + len(checked.bad)
    assert {problem.row for problem in checked.problems} == {row for row, _ in checked.bad}
    assert len({entry.id for entry in checked.entries}) == len(checked.entries)
