"""How a text file is decoded, and where it cannot be."""

from __future__ import annotations

import pytest

from engine.register.sheet.grid import TableError
from engine.register.sheet.text_encoding import Encoding, find_encoding


def chinese(head: str, strict: bool) -> bool:
    return "名称" in head


def found(data: bytes, declared: str | None = None) -> Encoding:
    return find_encoding(data, chinese, declared)


def fault(data: bytes, declared: str | None = None) -> str:
    with pytest.raises(TableError) as caught:
        found(data, declared)
    (problem,) = caught.value.problems
    return str(problem)


def test_marks_are_passed_over_however_many() -> None:
    for marks in (1, 2, 3):
        assert found(b"\xef\xbb\xbf" * marks + "名称".encode()) == Encoding("utf-8", 3 * marks)
    assert found("名称".encode()) == Encoding("utf-8", 0)


def test_gb18030_is_named_where_it_was_recognised() -> None:
    encoding = found("编号,名称\n".encode("gb18030"))
    assert (encoding.codec, encoding.start) == ("gb18030", 0)
    assert [str(note) for note in encoding.notes] == ["按 GB18030 编码读取"]


def test_a_byte_that_cannot_be_is_named_by_encoding_line_and_place() -> None:
    text = "编号,名称\n1,甲\n2,乙".encode("gb18030")
    assert fault(text + b"\x80\n").startswith(
        "第 3 行：此处不是 GB18030 编码：本行第 5 个字节是 0x80（Windows 的 GBK 用它表示“€”"
    )
    assert fault(text + b"\xff\n").startswith("第 3 行：此处不是 GB18030 编码：本行第 5 个字节是 0xFF")
    assert fault("编号,名称\n甲".encode() + b"\xff").startswith(
        "第 2 行：此处不是 UTF-8 编码：本行第 4 个字节是 0xFF"
    )
    assert "UTF-8 编码：本行第 1 个字节" in fault(b"\xff\xfa", "utf8")


def test_a_byte_at_the_edge_of_a_piece_is_found_at_its_place() -> None:
    for before in (65_533, 65_534, 65_535, 65_536, 65_537):
        data = "名称".encode() + b"x" * (before - 6) + b"\xe4\xb8" + b"\n"
        assert f"本行第 {before + 1} 个字节是 0xE4" in fault(data, "utf-8")


def test_a_text_cut_off_inside_a_character() -> None:
    assert "本行第 7 个字节是 0xE4" in fault("名称".encode() + b"\xe4\xb8")


def test_what_is_no_text_of_these_encodings() -> None:
    assert "UTF-16" in fault("名称".encode("utf-16"))
    assert "不认识编码“klingon”" in fault(b"x", "klingon")
    assert "不能断定" in fault("中文,甲\n".encode("gb18030"))
