"""Files written are read back the same, as workbook and as CSV; what is no such file is refused."""

from __future__ import annotations

import io

import openpyxl
import pytest
from format_factories import ONE, TWO, small, values
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.exchange.rows import differences, rows_of_values
from engine.exchange.table_file import ExchangeFileError, read_rows
from engine.exchange.writing import as_csv, as_workbook
from engine.register.import_result import HiddenAnswer, HiddenParts


def rows(**more: object) -> list[tuple[str, dict[str, object]]]:
    return [values(ONE, **more), values(TWO)]


@pytest.mark.parametrize("write", [as_workbook, as_csv])
def test_what_was_written_is_read_back_equal(write: object) -> None:
    used = small()
    made = rows_of_values(used, rows(fine="12.50", name="=1+1", on=None))
    assert made.problems == []
    found = read_rows(used, write(used, made.rows))  # type: ignore[operator]
    assert found.problems == []
    assert differences(used, found.rows, made.rows) == []
    assert [row.number for row in found.rows] == [2, 3]


@settings(max_examples=12, deadline=None)
@given(
    st.text("甲乙 =+-@'；,\"\t1a", max_size=8),
    st.integers(1, 10**9),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.lists(st.sampled_from(["good", "bad"]), max_size=2, unique=True),
)
def test_any_row_survives_the_way_there_and_back(
    name: str, staff: int, fine: object, result: list[str]
) -> None:
    used = small()
    made = rows_of_values(used, rows(name=f"甲{name}", staff=staff, fine=str(fine), result=result))
    if made.problems:
        return
    found = read_rows(used, as_csv(used, made.rows))
    assert differences(used, found.rows, made.rows) == []


def test_the_same_rows_give_the_same_bytes() -> None:
    used = small()
    made = rows_of_values(used, rows()).rows
    assert as_workbook(used, made) == as_workbook(used, made)


def test_columns_may_stand_elsewhere_and_be_called_otherwise() -> None:
    used = small()
    text = f"备注,单位名称,*统一社会信用代码\n无,甲,{ONE}\n"
    found = read_rows(used, text.encode())
    assert found.ignored == ("备注",)
    assert (found.rows[0].cells["name"], found.rows[0].cells["code"]) == ("甲", ONE)
    # The same in the encoding of offices.
    assert read_rows(used, text.encode("gb18030")).rows[0].cells == found.rows[0].cells


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "甲,乙\n1,2\n".encode(), "单位名称\n甲\n".encode()])
def test_what_is_no_file_of_the_format_is_refused(data: bytes) -> None:
    with pytest.raises(ExchangeFileError) as refused:
        read_rows(small(), data)
    assert refused.value.messages


def test_texts_are_texts_and_numbers_numbers() -> None:
    import openpyxl

    used = small()
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(used, rows_of_values(used, rows(name="=1+1")).rows)))
    line = next(iter(book.active.iter_rows(min_row=2, max_row=2)))
    assert [(line[0].value, line[0].data_type), (line[1].value, line[1].data_type)] == [
        (ONE, "s"),
        ("=1+1", "s"),
    ]
    assert line[6].value == 3
    assert line[3].value == "2024/3/5"


def with_hidden(*, row: int | None = None, column: str | None = None, filtered: bool = False) -> bytes:
    """Return the workbook of two rows, one of them or a column hidden as somebody in an office hides it."""
    made = rows_of_values(small(), rows()).rows
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(small(), made)))
    sheet = book.active
    assert sheet is not None
    if row is not None:
        sheet.row_dimensions[row].hidden = True
    if filtered:
        sheet.auto_filter.ref = "A1:J3"
        sheet.auto_filter.add_filter_column(0, [ONE])
    if column is not None:
        sheet.column_dimensions[column].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("filtered", [False, True])
def test_hidden_and_filtered_rows_are_named(filtered: bool) -> None:
    data = with_hidden(row=3, filtered=filtered)
    found = read_rows(small(), data)
    assert found.hidden == HiddenParts((3,), ())
    assert [row.number for row in found.rows] == [2, 3]
    left = read_rows(small(), data, hidden=HiddenAnswer.LEAVE_OUT)
    assert [row.number for row in left.rows] == [2]


def test_a_hidden_column_is_named_and_may_be_left_out() -> None:
    data = with_hidden(column="G")
    found = read_rows(small(), data)
    assert found.hidden == HiddenParts((), ("人数",))
    assert found.columns is not None
    assert "staff" in found.columns
    left = read_rows(small(), data, hidden=HiddenAnswer.LEAVE_OUT)
    assert left.columns is not None
    assert "staff" not in left.columns
    assert {row.cells["staff"] for row in left.rows} == {""}


def test_a_file_all_of_which_is_seen_has_nothing_hidden() -> None:
    made = rows_of_values(small(), rows()).rows
    assert read_rows(small(), as_workbook(small(), made)).hidden is None
