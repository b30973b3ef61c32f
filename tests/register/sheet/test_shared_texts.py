"""Shared texts: kept packed, given a few at a time, each as it was."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from engine.register.sheet.shared_texts import SharedTexts


def given(texts: SharedTexts, used: bytes | None = None) -> list[str]:
    """Return the texts of the part that is given, as a parser of XML sees them."""
    root = ET.fromstring(b"".join(texts.table(used)))  # noqa: S314 # written here
    assert root.get("uniqueCount") == str(len(root))
    return ["".join(one.itertext()) for one in root]


def of(*texts: str) -> SharedTexts:
    """Return a table of these texts."""
    made = SharedTexts()
    for text in texts:
        made.add(text, 3 * len(text))
    made.finish()
    return made


def test_texts_keep_their_numbers_and_those_nobody_uses_are_empty() -> None:
    table = of("甲", "", "乙 <&>", " 丙 ", "丁")
    assert len(table) == 5
    assert list(table.lengths) == [3, 0, 15, 9, 3]
    assert given(table) == ["甲", "", "乙 <&>", " 丙 ", "丁"]
    assert given(table, b"\0\0\1\1\0") == ["", "", "乙 <&>", " 丙 "]
    assert given(table, bytes(5)) == []
    assert given(SharedTexts()) == []


def test_what_xml_does_not_hold_is_written_as_an_escape_that_is_undone_once() -> None:
    assert given(of("a\0b\x1fc", "a\rb\tc\nd", "_x0041_", "_x00+5_", "_x4E00_")) == [
        "a_x0000_b_x001F_c",
        "a_x000D_b\tc\nd",
        "_x005F_x0041_",
        "_x005F_x00+5_",
        "_x4E00_",
    ]


@pytest.mark.parametrize("count", [1, 9_999, 30_001])
def test_many_texts_are_packed_in_pieces(count: int) -> None:
    texts = [f"示例{number}有限公司" for number in range(count)]
    table = of(*texts)
    assert given(table) == texts
    for step in (1, 101, 7_919):
        wanted = {step * place % count for place in range(5)}
        used = bytes(number in wanted for number in range(count))
        expected = [text if number in wanted else "" for number, text in enumerate(texts)]
        assert given(table, used) == expected[: max(wanted) + 1]
    assert len(b"".join(table.table(bytes(count - 1) + b"\1"))) < 6 * count + 100_000 * 5


def test_kept_texts_take_a_part_of_what_they_are_long() -> None:
    table = of(*(f"示例{number}有限公司" for number in range(50_000)))
    packed = sum(len(piece) for piece in table._pieces)
    assert packed < 50_000 * 24 / 3
