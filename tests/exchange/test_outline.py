"""A format for a platform nobody has described, from the head line of its own file."""

from __future__ import annotations

import pytest
from format_factories import ONE, TWO, small

from engine.exchange.format_file import read_format
from engine.exchange.outline import KnownColumn, _without_remark, head_line, known_columns, outline_of
from engine.exchange.table_file import ExchangeFileError

FILE = (
    "抽查结果表,,,,\n"
    "*统一社会信用代码,企业名称,检查日期,检查结论,填表人\n"
    f"{ONE},甲,2024-03-05,合格,张\n{TWO},乙,2024-03-06,不合格,李\n"
) + "".join(f"{ONE},甲,2024-03-05,合格,某{number}\n" for number in range(30))


def test_what_is_known_gets_its_value_and_the_rest_is_marked() -> None:
    known = known_columns([small()], "visit", [KnownColumn(("填表人",), "case.entered_by")])
    made = outline_of("other", "visit", FILE.encode(), known, "平台.csv")
    assert (made.columns, made.found) == (5, 4)
    found = read_format("other.yaml", made.text.encode())
    assert found.format is not None, [str(one.message) for one in found.problems]
    columns = {one.title: one for one in found.format.columns.values()}
    assert columns["*统一社会信用代码"].required
    assert columns["企业名称"].value is not None
    assert columns["检查结论"].by_hand
    # The words seen in the column are listed, to be set beside ours.
    assert set(columns["检查结论"].codes) == {"合格", "不合格"}
    assert made.text.count("待核") == 2
    assert found.format.key == ("c1",)


def test_of_a_register_its_own_columns_are_known() -> None:
    known = known_columns([], "objects")
    made = outline_of("theirs", "objects", FILE.encode(), known, "平台.csv")
    found = read_format("theirs.yaml", made.text.encode()).format
    assert found is not None
    assert found.rows.of == "objects"
    assert [str(c.value.source) for c in found.columns.values() if c.value] == ["entry.id", "entry.name"]


def test_the_head_line_is_the_fullest_of_the_first_rows() -> None:
    titles, rows = head_line(FILE.encode("gb18030"))
    assert titles[0] == "*统一社会信用代码"
    assert len(rows) == 32


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff\xff\xff"])
def test_without_a_table_there_is_no_format(data: bytes) -> None:
    with pytest.raises(ExchangeFileError):
        outline_of("other", "visit", data, [], "x")


@pytest.mark.parametrize(
    ("title", "without"),
    [
        ("统一社会信用代码（必填）", "统一社会信用代码"),
        ("代码(甲)(必填)", "代码"),
        ("代码（甲", "代码（甲"),
        ("代码甲）", "代码甲）"),
        ("（甲）代码", "（甲）代码"),
        # Looked through once, however many brackets there are.
        ("(" * 500_000, "(" * 500_000),
        ("(" * 500_000 + ")", ""),
    ],
)
def test_a_remark_at_the_end_of_a_title_is_left_out(title: str, without: str) -> None:
    assert _without_remark(title) == without
