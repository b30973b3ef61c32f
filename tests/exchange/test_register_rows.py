"""A workbook of a register goes back into its columns."""

from __future__ import annotations

from format_factories import ONE

from engine.definition.resources import exchange_dir
from engine.exchange.folder import formats_in
from engine.exchange.register_rows import read_entries, register_columns
from engine.exchange.rows import FormatRow


def test_plain_values_go_back_and_bad_cells_are_named_as_the_file_calls_them() -> None:
    used = formats_in([exchange_dir() / "objects.yaml"]).formats["objects"]
    assert register_columns(used)["pools"] == "pools"
    cells = {
        "id": ONE,
        "name": "示例一厂",
        "pools": "劳务派遣；用人单位",
        "employees": "12",
        "section": "一股",
    }
    rows = [FormatRow(2, cells), FormatRow(3, {**cells, "id": "9199", "employees": "-1"})]
    found, profile = read_entries(used, rows, {"sections": {"one": "一股"}})
    assert profile.kind == "objects"
    (entry,) = found.entries
    assert (entry.id, entry.section, entry.data["employees"]) == (ONE, "one", 12)
    assert set(entry.data["pools"]) == {"dispatch", "employer"}
    assert [(one.row, one.column) for one in found.problems] == [(3, "统一社会信用代码"), (3, "职工人数")]
