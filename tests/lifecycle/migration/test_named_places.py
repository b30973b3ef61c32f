from __future__ import annotations

from sheet_levels import LEVELS, Level, workflow

from engine.lifecycle.migration.named_places import names_beside, place_of_today
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import CheckRow, Field, FieldType

ASKED = Field(name="q", title="问", type=FieldType.INTEGER)
ROW = CheckRow(id="r1", title="第一项", points="看", basis="示例法")


def test_questions_columns_facts_and_rows_are_found_where_they_are_named() -> None:
    for level in LEVELS:
        found = names_beside(workflow(level, ASKED), f"{level.key}.any")
        assert found["q"] == ASKED
    rows = workflow(Level("item", 0), rows={"item": (ROW,)})
    assert dict(names_beside(rows, "it.rows.any")) == {"r1": None}
    for nowhere in ("it", "other.q", "it.none.q", "it.rows.r1.note", "it.key.q", "other.rows.r1"):
        assert not names_beside(rows, nowhere)


def test_a_place_is_called_by_its_form_and_lists_of_today() -> None:
    renames = RenameMap(forms={"sheet": "page"}, fields={"sheet.list": "lines", "sheet.list.inner": "more"})
    assert place_of_today(renames, "sheet.list.inner.q") == "page.lines.more.q"
    assert place_of_today(renames, "sheet.list") == "page.list"
    assert place_of_today(renames, "case.place") == "case.place"
