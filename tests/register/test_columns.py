"""What headers are compared by, and which column one means."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.register.columns import CellType, Profile, RegisterColumn, Words, fold

WORDS = Words(
    empty=frozenset({"无"}),
    yes=frozenset({"是"}),
    no=frozenset({"否"}),
    open_ended=frozenset({"长期"}),
    ignore=frozenset({"序号"}),
    separators=(";", "；"),
    legal_forms=("有限公司",),
)
PROFILE = Profile(
    kind="people",
    title="工作人员",
    columns={"id": RegisterColumn(id="id", title="编号", type=CellType.ID)},
    lists={},
    words=WORDS,
    headers={"编号": "id", "id": "id", "area(m2)": "area"},
    ignore=WORDS.ignore,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (" *编 号：", "编号"),
        ("ＩＤ", "id"),
        ("Straße:", "strasse"),
        ("a\u3000b\tc", "abc"),
        ("", ""),
        ("::", ""),
    ],
)
def test_what_does_not_matter_is_folded_away(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=10))
@settings(max_examples=50)
def test_marks_white_space_and_case_never_matter(text: str) -> None:
    assert fold(f" * {text} \n") == fold(text)
    assert "*" not in fold(text)
    assert not fold(text).endswith(":")


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("编号", "id"),
        ("* 编 号:", "id"),
        ("编号（必填）", "id"),
        ("编号(18位)", "id"),
        # A title known with its brackets comes first.
        ("Area (m2)", "area"),
        ("area", None),
        ("编号(18位)说明", None),
        ("", None),
    ],
)
def test_a_header_means_a_column_whatever_its_marks(header: str, column: str | None) -> None:
    assert PROFILE.column_of(header) == column


def test_headers_that_carry_nothing_are_passed_over() -> None:
    assert PROFILE.passed_over(" 序号 ") is True
    assert PROFILE.passed_over("编号") is False
