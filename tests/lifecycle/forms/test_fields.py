"""What each type of field accepts, how it is kept, and what is said of the rest."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.clean_text import has_invisible
from engine.kernel.plain_text import find_forbidden
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import Field, FieldType

DIGEST = "0f" * 32
FILE = {"name": "a.pdf", "sha256": DIGEST}
CODES = {"a": "合格", "b": "不合格"}


def kept(kind: str, given_: Any, **more: Any) -> Any:
    """Return what is kept of an answer that must stand."""
    value, problem = read_value(Field(name="x", title="问", type=FieldType(kind), **more), given_)
    assert problem is None, str(problem)
    return value


def wrong(kind: str, given_: Any, **more: Any) -> str:
    """Return what is said of an answer that must not stand."""
    _, problem = read_value(Field(name="x", title="问", type=FieldType(kind), **more), given_)
    assert problem is not None
    return str(problem)


@given(st.text(max_size=20).filter(lambda text: find_forbidden(text.strip()) is None))
def test_text_is_kept_without_blanks_around_it(text: str) -> None:
    seen = "".join(char for char in text if not has_invisible(char) or unicodedata.category(char) == "Cc")
    assert kept("text", text) == kept("long text", text) == seen.strip()


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "示例\u200b甲\ufeff", "示例甲"),
        ("integer", "１２", 12),
        ("decimal", "１.５０", "1.50"),
        ("ratio", "５％", "5%"),
        ("boolean", "是\u200b", True),
        ("date", "２０２４-04-20", "2024-04-20"),
        ("person", "insp-01\u200b", "insp-01"),
    ],
)
def test_answers_are_read_as_they_are_seen(kind: str, typed: str, value: object) -> None:
    assert kept(kind, typed) == value


def test_a_choice_is_known_by_what_is_seen_of_it() -> None:
    choices = {"a": "甲（一）", "b": "乙"}
    assert kept("choice", "甲(一)\u200b", choices=choices) == "a"
    assert kept("choices", ["ａ", " 乙"], choices=choices) == ["a", "b"]


@given(st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x00\u202e\n\t")), max_size=20))
def test_no_text_is_kept_with_characters_nobody_means(text: str) -> None:
    for kind in ("text", "long text", "person", "object"):
        value, problem = read_value(Field(name="x", title="问", type=FieldType(kind)), text)
        if problem is None:
            assert find_forbidden(value, lines=kind == "long text") is None
        assert problem is None or find_forbidden(str(problem)) is None


@pytest.mark.parametrize(
    ("kind", "given_", "said"),
    [
        ("text", "一\n二", "“问”应写在一行里；第 2 个字是换行或制表符"),
        ("long text", "一\x1b[31m", "“问”第 2 个字是不能使用的控制字符（U+001B），请删去"),
        ("person", "insp-01\u202e", "“问”第 8 个字是不能使用的控制字符（U+202E），请删去"),
        ("persons", ["insp-01", "a\x00"], "“问”第 2 个字是不能使用的控制字符（U+0000），请删去"),
        ("file", {"name": "a\n.pdf", "sha256": DIGEST}, "“问”应写在一行里；第 2 个字是换行或制表符"),
        ("text", "甲" * 1_001, "“问”最多 1000 字，实为 1001 字"),
        ("long text", "甲" * 20_001, "“问”最多 20000 字，实为 20001 字"),
        ("object", "9" * 201, "“问”最多 200 字，实为 201 字"),
        ("list", ["9" * 201], "“问”最多 200 字，实为 201 字"),
        ("file", {"name": "a" * 201, "sha256": DIGEST}, "“问”最多 200 字，实为 201 字"),
        ("integer", 10**18, f"“问”应为整数，实为“{10**18}”"),
        ("date", "x" * 500, "“问”应为日期（如 2024-04-20），实为“" + "x" * 99 + "…”"),
        ("choice", "\x1b", "“问”应为下列之一：a（合格）、b（不合格）；实为“\\u001b”"),
    ],
)
def test_texts_have_a_length_and_a_line(kind: str, given_: Any, said: str) -> None:
    assert wrong(kind, given_, choices=CODES) == said


def test_a_long_text_has_lines_as_they_were_typed() -> None:
    assert kept("long text", " 一\r\n二\t三\n") == "一\n二\t三"
    assert kept("long text", "x" * 20_000) == "x" * 20_000
    assert kept("persons", ["a"] * 3, most=2) == ["a"]


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_whole_numbers_however_they_are_written(number: int) -> None:
    assert kept("integer", number) == kept("integer", str(number)) == number
    assert kept("decimal", str(number)) == str(number)
    assert kept("text", number) == str(number)


@given(st.dates())
def test_dates(day: date) -> None:
    assert kept("date", day.isoformat()) == day.isoformat()


@given(st.datetimes(timezones=st.just(UTC)))
def test_instants_have_a_zone(at: datetime) -> None:
    assert kept("datetime", at.isoformat()) == at.isoformat()
    assert "带时区的时刻" in wrong("datetime", at.replace(tzinfo=None).isoformat())


@pytest.mark.parametrize(
    ("kind", "given_", "value"),
    [
        ("decimal", "-1.50", "-1.50"),
        ("decimal", 3, "3"),
        ("ratio", "5%", "5%"),
        ("ratio", "1/20", "1/20"),
        ("ratio", "0.05", "0.05"),
        ("boolean", True, True),
        ("boolean", "是", True),
        ("boolean", "false", False),
        ("person", " anna ", "anna"),
        ("object", 17, "17"),
        ("persons", ["anna", " anna", "bela"], ["anna", "bela"]),
        ("file", {**FILE, "size": 3}, FILE),
        ("files", [FILE], [FILE]),
        ("list", ["甲", "乙", "甲"], ["甲", "乙"]),
    ],
)
def test_what_is_kept(kind: str, given_: Any, value: Any) -> None:
    assert kept(kind, given_) == value


@pytest.mark.parametrize(
    ("kind", "given_", "expected"),
    [
        ("text", True, "文字"),
        ("text", ["甲"], "文字"),
        ("integer", "1.5", "整数"),
        ("integer", False, "整数"),
        ("integer", "1" * 19, "整数"),
        ("decimal", 1.5, "数字（如 1234.50），写在引号里"),
        ("decimal", "1e3", "数字（如 1234.50）"),
        ("decimal", True, "数字（如 1234.50），写在引号里"),
        ("ratio", 0.05, "比例（如 5%、0.05 或 1/20），写在引号里"),
        ("ratio", "1/0", "比例（如 5%、0.05 或 1/20）"),
        ("boolean", 1, "是 或 否（true、false）"),
        ("boolean", "yes", "是 或 否（true、false）"),
        ("date", "2023-02-29", "日期（如 2024-04-20）"),
        ("date", 20240101, "日期（如 2024-04-20）"),
        ("datetime", "soon", "带时区的时刻（如 2024-04-20T09:30+08:00）"),
        ("datetime", 5, "带时区的时刻（如 2024-04-20T09:30+08:00）"),
        ("person", "  ", "一个编号"),
        ("person", ["anna"], "一个编号"),
        ("persons", "anna", "编号的列表（如 [insp-01, insp-02]）"),
        ("persons", [True], "编号的列表（如 [insp-01, insp-02]）"),
        ("file", "a.pdf", "附件的编号（先把文件存入本件）"),
        ("file", {"name": "a", "sha256": DIGEST.upper()}, "附件的编号（先把文件存入本件）"),
        ("files", FILE, "附件的列表"),
        ("files", [FILE, {}], "附件的编号（先把文件存入本件）"),
        ("choices", "a", "列表"),
        ("list", "甲", "列表"),
    ],
)
def test_what_is_refused(kind: str, given_: Any, expected: str) -> None:
    assert wrong(kind, given_).startswith(f"“问”应为{expected}，实为“")


def test_choices_by_code_or_text() -> None:
    assert kept("choice", "a", choices=CODES) == kept("choice", "合格", choices=CODES) == "a"
    assert kept("choices", ["不合格", "a", "b"], choices=CODES) == ["b", "a"]
    for kind, value in (("choice", "c"), ("choices", ["a", "c"])):
        assert wrong(kind, value, choices=CODES) == "“问”应为下列之一：a（合格）、b（不合格）；实为“c”"


@pytest.mark.parametrize(
    ("kind", "given_", "bounds", "said"),
    [
        ("text", "四个汉字", {"most": 3}, "“问”最多 3 字，实为 4 字"),
        ("integer", 0, {"least": 1}, "“问”不得少于 1，实为 0"),
        ("integer", 3, {"most": 2}, "“问”不得多于 2，实为 3"),
        ("decimal", "0.99", {"least": 1}, "“问”不得少于 1，实为 0.99"),
        ("decimal", "2.01", {"most": 2}, "“问”不得多于 2，实为 2.01"),
        ("persons", ["a", "a"], {"least": 2}, "“问”至少 2 项，实为 1 项"),
        ("files", [FILE, FILE], {"most": 1}, "“问”至多 1 项，实为 2 项"),
        ("choices", [], {"least": 1, "choices": CODES}, "“问”至少 1 项，实为 0 项"),
        ("list", ["甲"], {"least": 2}, "“问”至少 2 项，实为 1 项"),
    ],
)
def test_bounds(kind: str, given_: Any, bounds: dict[str, Any], said: str) -> None:
    assert wrong(kind, given_, **bounds) == said


COLUMNS = (
    Field(name="name", title="姓名", type=FieldType.TEXT, required=True),
    Field(name="age", title="年龄", type=FieldType.INTEGER, least=16),
)


def test_rows_of_a_table_are_kept_column_by_column() -> None:
    rows = [{"name": "甲 ", "age": "20"}, {"name": "乙", "age": ""}, {"name": "丙", "age": None}]
    assert kept("list", rows, columns=COLUMNS) == [{"name": "甲", "age": 20}, {"name": "乙"}, {"name": "丙"}]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("甲", "“问”应为列表，实为“甲”"),
        (["甲"], "“问”第 1 行应为“栏：值”"),
        ([{"name": "甲"}, {"name": "乙", "size": 1}], "“问”第 2 行没有这些栏：size"),
        ([{"age": 20}], "“问”第 1 行须填“姓名”"),
        ([{"name": "甲", "age": 15}], "“问”第 1 行：“年龄”不得少于 16，实为 15"),
    ],
)
def test_what_is_wrong_with_a_table(rows: Any, said: str) -> None:
    assert wrong("list", rows, columns=COLUMNS) == said
    assert wrong("list", [{"name": "甲"}], columns=COLUMNS, least=2) == "“问”至少 2 项，实为 1 项"
