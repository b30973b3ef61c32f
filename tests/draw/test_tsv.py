"""A table as bytes in exactly one way: what is written is read, everything else is named by its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.refused import SHOWN
from engine.draw.tsv import at_line, parse_table, render_table
from engine.language import say

COLUMNS = ("id", "name")
GOOD = "id\tname\nA\t甲\nB\t\n".encode()

words = st.text(st.sampled_from("abc甲乙é9-"), max_size=5)


@given(st.dictionaries(st.text(st.sampled_from("AB甲𠀀z"), min_size=1, max_size=4), words))
@settings(max_examples=25)
def test_rows_come_back_in_the_order_of_their_bytes(table: dict[str, str]) -> None:
    data = render_table(COLUMNS, table.items())
    rows, problems = parse_table(COLUMNS, data)
    assert problems == []
    assert rows == [[key, table[key]] for key in sorted(table, key=str.encode)]
    assert render_table(COLUMNS, reversed(rows)) == data


def test_an_empty_table_is_its_header() -> None:
    assert render_table(COLUMNS, ()) == b"id\tname\n"
    assert parse_table(COLUMNS, b"id\tname\n") == ([], [])


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbf" + GOOD, "第 1 行：文件开头有字节序标记 BOM 请保存为不带 BOM 的 UTF-8"),
        (GOOD.replace(b"\n", b"\r\n"), "第 1 行：有回车符 CR 行尾只能是一个换行符 LF"),
        (GOOD.replace(b"\nB", b"\n\xff"), "第 3 行：有不是 UTF-8 的字节 请保存为 UTF-8"),
        (GOOD[:-1], "第 3 行：最后一行没有换行符 文件须以换行符结尾，以防被截断"),
        (
            GOOD.replace(b"name", b"nom"),
            "第 1 行：表头应为 id name，实为 id nom 列名和次序固定，列与列之间用一个制表符分隔",
        ),
        (
            GOOD.replace(b"B", "B\u200b".encode()),
            "第 3 行：有看不见的字符 U+200B 请在登记资料中删去该字符后重新生成名册",
        ),
        (
            GOOD.replace(b"A\t", b"A\t "),
            "第 2 行：有值的首尾带空格 请在登记资料中删去多余的空格后重新生成名册",
        ),
        (
            GOOD.replace("甲".encode(), "e\u0301".encode()),
            "第 2 行：有字符不是统一码标准形式 NFC 应为：A é",
        ),
        (GOOD.replace(b"B\t", b"B"), "第 3 行：应有 2 列，实有 1 列 空值也要保留制表符"),
        (GOOD.replace(b"B", b"A"), "第 3 行：编号 A 重复 一个编号只能有一行"),
        (
            GOOD.replace(b"B", b"0"),
            "第 3 行：编号 0 排在 A 之后，次序不对 各行须按编号的字节次序排列",
        ),
    ],
)
def test_each_other_form_is_named_by_its_line(data: bytes, says: str) -> None:
    rows, problems = parse_table(COLUMNS, data)
    assert rows == []
    assert [str(problem) for problem in problems] == [says]
    assert {problem.code for problem in problems} == {"roster"}


def test_every_problem_of_the_form_is_said_at_once() -> None:
    _, problems = parse_table(COLUMNS, b"\xef\xbb\xbfid\r\nA\t x")
    assert [str(problem.message) for problem in problems] == [
        "第 1 行：文件开头有字节序标记 BOM",
        "第 1 行：有回车符 CR",
        "第 2 行：最后一行没有换行符",
        "第 1 行：表头应为 id name，实为 id",
        "第 2 行：有值的首尾带空格",
    ]


@pytest.mark.parametrize("more", [0, 1, 7])
def test_a_long_list_is_cut_and_its_rest_counted(more: int) -> None:
    data = b"id\tname\n" + b"x\n" * (SHOWN + more)
    _, problems = parse_table(COLUMNS, data)
    assert len(problems) == SHOWN + bool(more)
    if more:
        assert str(problems[-1]) == f"另有 {more} 处问题未列出"


def test_a_problem_of_a_line_keeps_its_hint() -> None:
    problem = at_line(7, say("空"), say("填"))
    assert (problem.code, str(problem.message), str(problem.hint)) == ("roster", "第 7 行：空", "填")
    assert at_line(7, say("空")).hint is None
