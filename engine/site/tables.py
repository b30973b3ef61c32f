"""Data beside the pages: CSV that Excel opens as it is, and JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.kernel.formula_guard import guarded


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a CSV file: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def json_bytes(value: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Return `value` as one line of JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (text + "\n").encode("utf-8", "backslashreplace")
