"""A record of a reading comes back from its columns as it was."""

from __future__ import annotations

from sample_rows import make_personal_value, make_reading

from engine.store.readings_codec import reading_of, reading_row, value_of, value_row
from engine.store.row_parts import TABLES


def test_there_and_back() -> None:
    one = make_reading()
    assert reading_of(reading_row(one)) == one
    assert len(reading_row(one)) == len(TABLES["personal_reading"].columns)


def test_personal_values_there_and_back() -> None:
    one = make_personal_value()
    assert value_of(value_row(one)) == one
    assert len(value_row(one)) == len(TABLES["personal_value"].columns)
