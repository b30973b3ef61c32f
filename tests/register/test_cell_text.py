"""Texts of cells: a length, and nothing nobody sees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.plain_text import find_forbidden
from engine.register.cell_text import why_unfit_cell
from engine.register.columns import CellType, RegisterColumn
from engine.register.profile import built_in
from engine.register.values import Context, reader_for


def column(kind: CellType, most: int | None = None) -> RegisterColumn:
    return RegisterColumn(id="x", title="栏", type=kind, most=most)


@pytest.mark.parametrize(
    ("kind", "most", "longest"),
    [
        (CellType.TEXT, None, 1_000),
        (CellType.LONG_TEXT, None, 20_000),
        (CellType.PHONE, None, 200),
        (CellType.EMAIL, None, 254),
        (CellType.TEXT, 5, 5),
    ],
)
def test_every_text_has_a_length(kind: CellType, most: int | None, longest: int) -> None:
    assert why_unfit_cell(column(kind, most), "甲" * longest) is None
    unfit = why_unfit_cell(column(kind, most), "甲" * (longest + 1))
    assert unfit is not None
    assert str(unfit[0]) == f"最多 {longest} 字，实为 {longest + 1} 字"


def test_only_a_long_text_has_lines() -> None:
    assert why_unfit_cell(column(CellType.LONG_TEXT), "一\n二") is None
    unfit = why_unfit_cell(column(CellType.TEXT), "一\n二")
    assert unfit is not None
    assert str(unfit[1]) == "第 2 位是看不见的字符（U+000A），请删去"


@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("\x1b\x00\u202e\u2028\ud800\U000e0041\n")), max_size=20
    ),
    st.sampled_from(
        [CellType.TEXT, CellType.LONG_TEXT, CellType.PRINTABLE, CellType.LIST, CellType.PHONE, CellType.ID]
    ),
)
def test_no_cell_is_kept_with_characters_nobody_means(text: str, kind: CellType) -> None:
    read = reader_for(column(kind), Context(built_in("objects").words, {}, "栏"))
    value, fault = read(text)
    if fault is None and value is not None:
        for one in value if isinstance(value, list) else [value]:
            assert find_forbidden(one, lines=kind is CellType.LONG_TEXT) is None


def test_endless_telephones_and_addresses_are_too_long() -> None:
    words = Context(built_in("objects").words, {}, "栏")
    phones = "；".join(f"0311-86{number:06d}" for number in range(30))
    for kind, text, most in ((CellType.PHONE, phones, 200), (CellType.EMAIL, "a@b" + ".c" * 200, 254)):
        _, fault = reader_for(column(kind), words)(text)
        assert fault is not None
        assert str(fault[0]).startswith(f"最多 {most} 字")
