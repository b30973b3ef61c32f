"""Workbooks as bytes."""

from __future__ import annotations

import io
import zipfile

from format_factories import ONE, small, values

from engine.exchange.rows import rows_of_values
from engine.exchange.writing import as_csv, as_workbook


def test_no_time_of_day_is_kept_in_the_file() -> None:
    used = small()
    made = rows_of_values(used, [values(ONE)]).rows
    with zipfile.ZipFile(io.BytesIO(as_workbook(used, made))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in archive.read("docProps/core.xml")


def test_csv_is_marked_and_guarded() -> None:
    used = small()
    text = as_csv(used, rows_of_values(used, [values(ONE, name="=1+1", fine="-1.50")]).rows)
    assert text.startswith(b"\xef\xbb\xbf")
    line = text.decode("utf-8-sig").splitlines()[1]
    assert line.split(",")[1] == "'=1+1"
    assert ",-1.5," in line
