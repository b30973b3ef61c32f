"""What each cell may hold, and what is said of one that cannot stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.register.check import check_rows
from engine.register.import_result import ImportResult, read_register, write_skipped
from engine.register.profile import built_in
from engine.register.sheet.grid import Grid
from engine.register.sheet.header import Header

CODE = "1" + "0" * 16 + "Y"
OTHER = "2" + "0" * 16 + "X"
SECTIONS = {"sections": {"labour_inspection": "劳动监察大队", "market": "人力资源市场股"}}


def cell(kind: str, column: str, text: str, **more: str) -> tuple[Any, str]:
    """Return what one cell of a row that is otherwise right becomes: its value and what is said of it."""
    base = {
        "objects": {"id": CODE, "name": "示例甲公司"},
        "inspectors": {
            "id": "insp-01",
            "name": "检查人员01",
            "cert_no": "示01",
            "cert_valid_to": "2026-12-31",
        },
        "items": {"id": "LD-01", "name": "劳动合同", "basis": "劳动合同法 第八十二条"},
        "people": {"id": "p1", "name": "局长"},
    }[kind]
    row = {**base, **more, column: text}
    table = Grid(Header(1, tuple(row), tuple(row)), [(2, list(row.values()))])
    checked = check_rows(table, built_in(kind), codes=SECTIONS, source="文件")
    said = " ".join(map(str, checked.problems))
    if not checked.entries:
        return None, said
    (entry,) = checked.entries
    return {"id": entry.id, "name": entry.name, "section": entry.section, **entry.data}.get(column), said


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2024-04-20", "2024-04-20"),
        ("2024/4/20", "2024-04-20"),
        ("2024.4.2", "2024-04-02"),
        ("2024年4月20日", "2024-04-20"),
        ("２０２４年４月２０日", "2024-04-20"),
        ("20240420", "2024-04-20"),
        ("2024-04-20 10:30:00", "2024-04-20"),
        ("长期", None),
    ],
)
def test_dates(text: str, kept: str | None) -> None:
    assert cell("objects", "registered_on", text) == (kept, "")


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "45402", "2024年4月", "24-4-20", "2024-4/20", "4/20/2024", "2024-13-01", "20241301"],
)
def test_what_is_no_date(text: str) -> None:
    kept, said = cell("objects", "registered_on", text)
    assert kept is None
    assert f"第 2 行“registered_on”填的是“{text}”" in said


# Years farther away are unusual, and may be confirmed.
@given(st.dates(date(1949, 1, 1), date(2050, 12, 31)))
def test_every_day_in_every_form(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day.strftime("%Y%m%d"),
    ]
    assert {cell("objects", "registered_on", form)[0] for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    ("kind", "column", "text", "kept"),
    [
        ("objects", "phone", "13800000000", "13800000000"),
        ("objects", "phone", "（000）20000000", "000-20000000"),
        ("objects", "phone", "000-20000000、13800000000", "000-20000000；13800000000"),
        ("objects", "phone", "400-000-0000", "400-000-0000"),
        ("objects", "employees", "1,203", 1203),
        ("objects", "employees", "无", None),
        ("objects", "key_object", "否", False),
        ("objects", "key_object", "√", True),
        ("objects", "key_object", "无", False),
        ("objects", "status", "吊销，未注销", "revoked"),
        ("objects", "status", "存续（在营、开业、在册）", "active"),
        ("objects", "status", "", "active"),
        ("objects", "pools", "用人单位、劳务派遣", ["employer", "dispatch"]),
        ("objects", "labels", "餐饮；餐饮,连锁", ["餐饮", "连锁"]),
        ("objects", "section", "劳动监察大队", "labour_inspection"),
        ("objects", "section", "market", "market"),
        ("objects", "id", "130000000000123", "130000000000123"),
        ("objects", "name", "示例\n甲  公司", "示例 甲 公司"),
        ("objects", "address", "N/A", None),
        ("items", "ratio", "5％", "5%"),
        ("items", "ratio", "1/20", "1/20"),
        ("items", "method", "现场检查；书面检查", ["onsite", "written"]),
        ("items", "level", "重点检查事项", "key"),
        ("inspectors", "recusals", f"{OTHER}；{CODE}", [CODE, OTHER]),
        ("people", "roles", "drawer,witness", ["drawer", "witness"]),
        ("people", "email", "head@example.cn", "head@example.cn"),
    ],
)
def test_what_is_kept(kind: str, column: str, text: str, kept: Any) -> None:
    assert cell(kind, column, text) == (kept, "")


@pytest.mark.parametrize(
    ("kind", "column", "text", "sentence"),
    [
        ("objects", "id", CODE[:-1] + "X", "应为“Y”，实为“X”"),
        ("objects", "id", "9.11E+17", "末几位已经丢失"),
        ("objects", "id", CODE[:-1], "应为 18 位，实为 17 位"),
        ("objects", "id", "１" + CODE[1:], "全角字符"),
        ("objects", "id", "11010119900307803X", "个人信息保护法 第六条"),
        ("objects", "id", "甲-1", "半角字母"),
        ("objects", "id", "OBJ-А1", "西里尔字母"),
        ("objects", "id", "", "必须填写"),
        ("objects", "name", "无", "必须填写"),
        ("objects", "name", "示例\u200b公司", "第 3 位是看不见的字符"),
        ("objects", "name", "甲" * 201, "最多 200 字，实为 201 字"),
        ("objects", "name", "=A1", "不接受公式"),
        ("objects", "name", "'示例", "单引号"),
        ("objects", "phone", "联络员 13800000000", "电话号码"),
        ("objects", "phone", "1.38E+10", "Excel"),
        ("objects", "employees", "35人", "应为整数"),
        ("objects", "employees", "-1", "不得少于 0"),
        ("objects", "status", "营业中", "存续、注销、吊销、迁出"),
        ("objects", "credit_class", "E", "A、B、C、D"),
        ("objects", "section", "劳动监查大队", "是否想写“劳动监察大队”"),
        ("objects", "key_object", "也许", "“是”或“否”"),
        ("inspectors", "cert_valid_to", "", "必须填写"),
        ("inspectors", "cert_valid_to", "长期", "必须填写"),
        ("inspectors", "cert_no", "", "必须填写"),
        ("inspectors", "cert_no", "Ｈ123", "全角字符"),
        ("inspectors", "id", "11010119900307803X", "身份证"),
        ("inspectors", "recusals", f"{CODE}；{CODE[:-1]}X", "应为“Y”"),
        ("items", "ratio", "不低于5%", "应为比例"),
        ("items", "ratio", "5", "不应超过 100%"),
        ("items", "basis", "", "“状态”为“有效”时必须填写"),
        ("people", "email", "head＠example.cn", "全角字符"),
    ],
)
def test_what_is_refused(kind: str, column: str, text: str, sentence: str) -> None:
    kept, said = cell(kind, column, text)
    assert kept is None
    assert sentence in said


def test_an_item_without_basis_may_be_a_draft() -> None:
    assert cell("items", "basis", "", status="草稿") == (None, "")


def test_a_code_is_asked_for_where_the_title_says_so(tmp_path: Path) -> None:
    for title, good in (("统一社会信用代码", False), ("编号", True)):
        reading = from_rows(tmp_path, [title, "企业名称"], ["A-17", "示例甲公司"])
        assert reading.ok is good


def test_ratings_take_date_and_source(tmp_path: Path) -> None:
    header = ["信用代码", "名称", "信用风险等级", "信用风险等级日期", "信用风险等级来源", "守法诚信等级"]
    reading = from_rows(tmp_path, header, [CODE, "示例甲公司", "A类", "2024/1/5", "省平台", "C"])
    assert reading.importable()[0].data["ratings"] == [
        {"scheme": "credit", "class": "A", "date": "2024-01-05", "source": "省平台"},
        {"scheme": "integrity", "class": "C", "date": None, "source": "register.csv"},
    ]
    assert "没有评定日期" in str(reading.notes[0])


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    header = ["信用代码", "名称", "成立日期", "职工人数"]
    reading = from_rows(tmp_path, header, ["X", "", "昨天", "多"], [CODE, "示例甲公司", "", ""])
    assert [problem.column for problem in reading.problems] == header
    assert reading.importable() == ()
    assert [entry.id for entry in reading.importable(skip_bad=True)] == [CODE]


def test_of_two_rows_with_one_id_neither_is_taken(tmp_path: Path) -> None:
    reading = from_rows(tmp_path, ["信用代码", "名称"], [CODE, "甲"], [OTHER, "乙"], [CODE, "丙"])
    assert [(problem.row, str(problem.expected)) for problem in reading.problems] == [
        (2, "与第 4 行重复"),
        (4, "与第 2 行重复"),
    ]
    assert [entry.id for entry in reading.importable(skip_bad=True)] == [OTHER]


def test_of_two_equal_rows_the_first_is_taken(tmp_path: Path) -> None:
    reading = from_rows(tmp_path, ["信用代码", "名称"], [CODE, "甲"], [CODE, "甲"])
    assert [(problem.row, str(problem.expected)) for problem in reading.problems] == [
        (3, "与第 2 行完全相同")
    ]
    assert len(reading.importable(skip_bad=True)) == 1


def test_a_row_repeating_a_bad_row_is_bad(tmp_path: Path) -> None:
    reading = from_rows(tmp_path, ["信用代码", "名称", "职工人数"], [CODE, "甲", "多"], [CODE, "甲", "1"])
    assert reading.importable(skip_bad=True) == ()
    assert {problem.row for problem in reading.problems} == {2, 3}


def test_skipped_rows_can_be_mended_and_imported(tmp_path: Path) -> None:
    header = ["信用代码", "名称", "职工人数"]
    reading = from_rows(tmp_path, header, [CODE, "甲", "多"], [OTHER, "乙", "1"], ["B-1", "=1+1", "2"])
    path = tmp_path / "skipped.csv"
    assert write_skipped(reading, path) == 2
    text = path.read_text(encoding="utf-8-sig")
    assert "'=1+1" in text
    assert "第 2 行“职工人数”填的是“多”：应为整数" in text
    path.write_text(text.replace(",多,", ",3,").replace("'=1+1", "丙").replace("B-1", "B1"), encoding="utf-8")
    again = read_register("objects", path)
    assert again.ignored_columns == ()
    # The row of the short number still stands under a title that asks for a code.
    assert [entry.id for entry in again.importable(skip_bad=True)] == [CODE]


@given(st.lists(st.text(max_size=12), min_size=2, max_size=9))
def test_no_text_breaks_the_checks(cells: list[str]) -> None:
    columns = (
        "id",
        "name",
        "phone",
        "registered_on",
        "employees",
        "pools",
        "credit_class",
        "labels",
        "key_object",
    )
    row: Mapping[str, str] = dict(zip(columns, cells, strict=False))
    table = Grid(Header(1, tuple(row), tuple(row)), [(2, list(row.values()))])
    checked = check_rows(table, built_in("objects"))
    assert len(checked.entries) + len(checked.bad) == checked.rows <= 1
    assert bool(checked.problems) is bool(checked.bad)
    for problem in checked.problems:
        assert str(problem)


def from_rows(tmp_path: Path, *rows: list[str]) -> ImportResult:
    path = tmp_path / "register.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return read_register("objects", path)
