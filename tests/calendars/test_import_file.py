"""A new year from JSON, CSV or YAML: one year, whichever way it is written; faults with their place."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendars.import_file import (
    MAX_BYTES,
    Read,
    describe_change,
    read_calendar_year,
    read_csv,
    read_json,
)
from engine.calendars.yaml_year import year_as_yaml
from engine.worktime.calendar import YearData

OTHERS = {
    date(2027, 2, 6): "春节",
    date(2027, 4, 5): "清明节",
    date(2027, 5, 1): "劳动节",
    date(2027, 6, 9): "端午节",
    date(2027, 9, 15): "中秋节",
    date(2027, 10, 1): "国庆节",
}
DATA = YearData(
    2027,
    "2027年节假日安排",
    "通知",
    {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦", **OTHERS},
    frozenset({date(2027, 1, 9)}),
)
DAYS: list[dict[str, Any]] = [
    {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-09", "isOffDay": False},
    *({"name": name, "date": day.isoformat(), "isOffDay": True} for day, name in OTHERS.items()),
]


def as_json(days: list[Any] = DAYS, **others: Any) -> bytes:
    return json.dumps({"year": 2027, "papers": ["通知"], "days": days, **others}).encode()


def fault(read: Read) -> tuple[str, str, str]:
    """Return place, what was seen and what was expected of the first problem."""
    data, problems = read
    assert data is None
    return str(problems[0].place or ""), problems[0].seen, str(problems[0].expected)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.json", as_json()),
        ("A.JSON", b"\xef\xbb\xbf" + as_json()),
        ("a.yaml", year_as_yaml(DATA).encode()),
        ("a.yml", year_as_yaml(DATA).encode()),
    ],
)
def test_the_same_year_from_every_kind_of_file(file: str, content: bytes) -> None:
    assert read_calendar_year(file, content) == (DATA, ())


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_with_any_separator_and_encoding(separator: str, encoding: str) -> None:
    rows = ["日期,名称,类型", "2026/12/31,元旦,放假", "2027.1.1,元旦,休", "2027-1-9,,调休上班"]
    rows += [*(f"{day:%Y/%m/%d},{name},放假" for day, name in OTHERS.items()), ""]
    text = "\n".join(rows).replace(",", separator)
    data, problems = read_csv("a.csv", text.encode(encoding))
    assert problems == ()
    assert data is not None
    assert (data.year, data.holidays, data.workdays) == (2027, DATA.holidays, DATA.workdays)
    assert read_calendar_year("a.csv", text.encode(encoding))[0] == data


def test_other_files_and_large_ones_are_refused() -> None:
    assert fault(read_calendar_year("a.xlsx", b"x")) == ("", "xlsx", "只能读取 .yaml、.json 和 .csv 文件")
    assert fault(read_calendar_year("a.json", b" " * (MAX_BYTES + 1))) == (
        "", "", "一年的放假安排不会超过 1000000 字节",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff", ("", "", "文件应为 UTF-8 编码")),
        (b"{\n{", ("第 2 行", "", "不是正确的 JSON")),
        (b"[" * 40_000, ("", "", "嵌套超过 10 层")),
        (b"[]", ("", "", "应有 year 和 days 两项（holiday-cn 格式）")),
        (b'{"year": 2027, "days": {}}', ("", "", "应有 year 和 days 两项（holiday-cn 格式）")),
        (as_json(year=True), ("", "true", "year 应为一个整数")),
        (as_json(year="2027"), ("", '"2027"', "year 应为一个整数")),
        (as_json([]), ("", "", "2027 年应至少有一天放假")),
        (
            as_json([*DAYS, 5]),
            ("days 的第 10 项", "5", "应有 name（文字）、date（如 2027-02-05）、isOffDay（true 或 false）"),
        ),
        (
            as_json([{**DAYS[0], "name": " "}]),
            (
                "days 的第 1 项",
                '{"name": " ", "date": "2026-12-31", "isOffDay": true}',
                "应有 name（文字）、date（如 2027-02-05）、isOffDay（true 或 false）",
            ),
        ),
        (
            as_json([*DAYS, {**DAYS[0], "date": "2027-13-01"}]),
            ("days 的第 10 项", "2027-13-01", "应为一个日期或一段日期（先早后晚，不超过 31 天）"),
        ),
    ],
)
def test_what_is_wrong_with_json(content: bytes, expected: tuple[str, str, str]) -> None:
    assert fault(read_json("a.json", content)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("第 1 行", "", "第一行应有三列：日期,名称,类型（或 date,name,isOffDay）")),
        ("日期,名称\n", ("第 1 行", "日期,名称", "第一行应有三列：日期,名称,类型（或 date,name,isOffDay）")),
        ("日期,名称,类型\n", ("", "", "表头以下应至少有一行日期")),
        (
            "日期,名称,类型\n2027-01-01,元旦,也许\n",
            ("第 2 行", "也许", "类型应为“放假”或“上班”（isOffDay 为 true 或 false）"),
        ),
        ("日期,名称,类型\n2027-01-01,,放假\n", ("第 2 行", "2027-01-01", "放假的日子应写明名称，如“春节”")),
        (
            "日期,名称,类型\n2027-01-01,元旦,放假\n2025-01-01,元旦,放假\n",
            ("第 3 行", "2025-01-01", "2027 年的安排只能有 2027 年的日期，或上一年 12 月的日期"),
        ),
        ('日期,名称,类型\n"' + "x" * 140_000, ("第 2 行", "", "不是正确的 CSV")),
    ],
)
def test_what_is_wrong_with_a_table(text: str, expected: tuple[str, str, str]) -> None:
    assert fault(read_csv("a.csv", text.encode())) == expected


def test_a_table_in_no_known_encoding() -> None:
    assert fault(read_csv("a.csv", b"\xff\xff\xff")) == ("", "", "文件应为 UTF-8 或 GBK 编码")


@given(st.binary(max_size=80), st.sampled_from(["a.json", "a.csv", "a.yaml", "a"]))
def test_there_is_a_year_or_there_are_problems(content: bytes, file: str) -> None:
    data, problems = read_calendar_year(file, content)
    assert (data is None) == bool(problems)


def test_what_changes_is_told_day_by_day() -> None:
    assert [str(m) for m in describe_change(None, DATA)] == ["新增 2027 年：放假 8 天，调休上班 1 天"]
    assert [str(m) for m in describe_change(DATA, DATA)] == ["2027 年的安排与现有的相同"]
    new = YearData(
        2027, "", "", {date(2026, 12, 31): "新年", date(2027, 1, 9): "元旦", **OTHERS}, frozenset()
    )
    assert [str(m) for m in describe_change(DATA, new)] == [
        "2026-12-31：原为放假（元旦），改为放假（新年）",
        "2027-01-01：原为放假（元旦），改为工作日",
        "2027-01-09：原为调休上班，改为放假（元旦）",
    ]
    assert [str(m) for m in describe_change(new, DATA)][-1] == "2027-01-09：原为放假（元旦），改为调休上班"
    other = YearData(2027, "", "", DATA.holidays, frozenset())
    assert [str(m) for m in describe_change(DATA, other)] == ["2027-01-09：原为调休上班，改为周末"]


@pytest.mark.parametrize("name", ["\x00元旦", "元\n旦", "\x1b[31m元旦", "元" * 101])
def test_no_name_of_a_holiday_holds_what_a_terminal_would_obey(name: str) -> None:
    day = {"name": name, "date": "2031-01-01", "isOffDay": True}
    data, problems = read_calendar_year("a.json", json.dumps({"year": 2031, "days": [day]}).encode())
    assert data is None
    assert problems
    row = f'日期,名称,类型\n2031-01-01,"{name}",放假\n'.encode()
    assert read_calendar_year("a.csv", row)[0] is None
    year = f"year: 2031\nholidays: {{2031-01-01: {json.dumps(name)}}}\n".encode()
    assert read_calendar_year("a.yaml", year)[0] is None
