"""The names rows of a format may use: of all its processes together, by all names of their fields."""

from __future__ import annotations

from functools import lru_cache

from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.definition.resources import workflows_dir
from engine.definition.types import ANY, DATE, TEXT, ValueKind, list_of
from engine.exchange.format_check import definitions_of
from engine.exchange.format_names import item_of, names_of_rows
from engine.exchange.formats import RowsOf, RowSource


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([workflows_dir()]))


def test_rows_of_several_processes_know_what_any_of_them_has() -> None:
    known = definitions_of(loaded())
    one = names_of_rows(RowSource(RowsOf.CASES, "follow_up"), known)
    both = names_of_rows(RowSource(RowsOf.CASES, "follow_up", more=("penalty",)), known)
    assert one["forms"].columns.keys() < both["forms"].columns.keys()
    assert one["case"].columns.keys() <= both["case"].columns.keys()
    assert set(one["case"].columns["state"].choices or ()) < set(both["case"].columns["state"].choices or ())
    assert one["case"].columns["opened_on"] == DATE


def test_a_former_name_is_known_where_what_it_is_kept_under_is_there() -> None:
    rows = RowSource(RowsOf.CASES, "follow_up")
    former = {"follow_up": {"follow_up_result": {"remark": "note", "gone": "nowhere"}}}
    columns = (
        names_of_rows(rows, definitions_of(loaded(), former))["forms"].columns["follow_up_result"].columns
    )
    assert columns["remark"] == columns["note"]
    assert "gone" not in columns


def test_rows_of_registers_and_measures() -> None:
    known = definitions_of(loaded())
    assert {"id", "name", "employees"} <= names_of_rows(RowSource(RowsOf.REGISTER, "objects"), known)[
        "entry"
    ].columns.keys()
    assert "percent" in names_of_rows(RowSource(RowsOf.MEASURES), known)["measure"].columns


def test_an_item_is_what_is_listed_with_what_was_found_of_it() -> None:
    known = definitions_of(loaded())
    assert item_of(ANY, known) == ANY
    assert item_of(TEXT, known) == ANY
    item = item_of(list_of(TEXT), known)
    assert item.kind is ValueKind.RECORD
    assert {"competence", "answer", "position"} <= item.columns.keys()


def test_another_version_takes_the_place_of_a_process() -> None:
    known = definitions_of(loaded())
    own = known.workflows["follow_up"]
    assert known.with_version(own).workflows == known.workflows
