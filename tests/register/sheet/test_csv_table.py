"""Tables from the bytes of CSV files: encodings that are declared or plain from the header, delimiters, quotes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.profile import built_in
from engine.register.sheet.csv_table import read_csv
from engine.register.sheet.grid import TableError

PEOPLE = built_in("people")
TEXT = "人员编号,姓名\np1,甲\n"


def rows(data: bytes, encoding: str | None = None) -> list[tuple[int, list[str]]]:
    return [(number, list(cells)) for number, cells in read_csv(data, PEOPLE, encoding).rows]


def faults(data: bytes, encoding: str | None = None) -> list[str]:
    with pytest.raises(TableError) as caught:
        rows(data, encoding)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("data", "notes"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.encode("gb18030"), ["按 GB18030 编码读取"]),
    ],
)
def test_encodings_that_are_plain_from_the_header(data: bytes, notes: list[str]) -> None:
    table = read_csv(data, PEOPLE)
    assert list(table.rows) == [(2, ["p1", "甲"])]
    assert [str(note) for note in table.notes] == notes
    assert table.header.columns == ("id", "name")
    assert table.ragged_is_wrong is True


@pytest.mark.parametrize("name", ["GBK", "gb_2312", "GB-18030", "ansi"])
def test_a_declared_encoding_is_kept_to(name: str) -> None:
    assert rows(TEXT.encode("gb18030"), name) == [(2, ["p1", "甲"])]
    assert rows(TEXT.encode(), "utf-8") == [(2, ["p1", "甲"])]
    (fault,) = faults(TEXT.encode("gb18030"), "UTF8")
    assert fault.startswith("第 1 行：此处不是 UTF-8 编码")


def test_other_encodings_are_refused() -> None:
    assert faults(TEXT.encode(), "latin1") == ["不认识编码“latin1” （提示：可写：UTF-8、GB18030）"]
    for codec in ("utf-16", "utf-16-le"):
        assert faults(TEXT.encode(codec))[0].startswith("文件不是 UTF-8 或 GB18030 的文本")
    english = "id,name\np1,甲\n".encode("gb18030")
    assert faults(english)[0].startswith("文件不是 UTF-8 编码；按 GB18030 能读出文字")
    assert faults(TEXT.encode() + b"p2,\xff\xff\n")[0].startswith("第 3 行：此处不是 UTF-8 编码")


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_the_delimiter_is_the_one_that_names_most_columns(delimiter: str) -> None:
    assert rows(TEXT.replace(",", delimiter).encode()) == [(2, ["p1", "甲"])]


@pytest.mark.parametrize("data", [b"", b" \r\n\n"])
def test_an_empty_file_has_no_header(data: bytes) -> None:
    assert faults(data)[0].startswith("表是空的")


def test_a_file_without_header_or_with_half_of_one() -> None:
    assert faults(b"a,b\n1,2\n")[0].startswith("前 2 行中没有工作人员的表头")
    assert faults("人员编号\np1\n".encode())[0].startswith("第 1 行：缺少“姓名”列")


def test_an_open_quote_is_a_fault_of_the_file_that_says_where() -> None:
    many = TEXT + "".join(f'p{number},"乙\n丙"\n' for number in range(2, 22)) + 'x,"丁\n'
    (fault,) = faults(many.encode())
    assert fault.startswith("第 23 行：从文件第 43 行起读不出一行完整的记录")
    assert "须写成两个引号" in fault


def test_blank_rows_are_left_out_but_counted() -> None:
    assert rows("花名册,\n,\n人员编号,姓名\n\np1,甲\n".encode()) == [(5, ["p1", "甲"])]


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('a甲,;"\n \t'), max_size=5), min_size=2, max_size=2), max_size=20
    )
)
@settings(max_examples=50)
def test_what_is_written_is_read(cells: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["人员编号", "姓名"], *cells])
    found = rows(out.getvalue().encode())
    assert found == [(number, row) for number, row in enumerate(cells, 2) if any(row)]
