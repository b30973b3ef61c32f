from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.site.tables import csv_bytes, json_bytes

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_every_cell_is_read_again_and_none_is_a_formula(table: list[list[str]]) -> None:
    found = rows(csv_bytes(["一", "二"], table))
    assert [[cell.removeprefix("'") for cell in row] for row in found[1:]] == [
        [cell.removeprefix("'") for cell in row] for row in table
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)


def test_the_bytes_of_a_table() -> None:
    content = csv_bytes(["名称", "=head"], [["甲,乙", "-1"], ["丙\n丁", '"引"'], ["\ud800", ""]])
    assert content == ('\ufeff名称,\'=head\r\n"甲,乙",\'-1\r\n"丙\n丁","""引"""\r\n?,\r\n').encode()
    assert csv_bytes([], []) == b"\xef\xbb\xbf\r\n"


VALUES = st.dictionaries(st.sampled_from("bac甲"), st.none() | st.booleans() | st.integers() | CELLS)


@given(VALUES)
def test_json_is_one_line_and_the_same_whatever_the_order(value: dict[str, Any]) -> None:
    content = json_bytes(value)
    assert json.loads(content) == value
    assert content.count(b"\n") == 1
    assert json_bytes(dict(reversed(value.items()))) == content


@pytest.mark.parametrize(
    ("value", "content"),
    [
        ({"b": 1, "a": "甲"}, '{"a":"甲","b":1}\n'.encode()),
        ([], b"[]\n"),
        (["\ud800"], b'["\\ud800"]\n'),
    ],
)
def test_the_bytes_of_json(value: Any, content: bytes) -> None:
    assert json_bytes(value) == content
