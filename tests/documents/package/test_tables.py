"""Tables of a package: every answer in words, every column in the dictionary, no cell that runs."""

from __future__ import annotations

import csv
import io

from package_factories import case_file

from engine.documents.package import tables


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_answer_stands_in_words() -> None:
    rows = list(tables.answer_rows(case_file()))
    assert {row[0] for row in rows} == set(case_file().case.forms)
    assert all(row[3] and row[4] for row in rows)


def test_every_column_of_every_table_is_in_the_dictionary() -> None:
    rows = read(tables.table("dictionary.csv", tables.dictionary_rows(case_file().forms, ["onsite_check"])))
    told = {(row[0], row[1]) for row in rows}
    for file, columns in tables.COLUMNS.items():
        assert {(f"data/{file}", name) for name, _ in columns} <= told
    assert ("onsite_check", "visited_on") in told


def test_every_answer_has_the_id_the_dictionary_explains() -> None:
    """Of fields, check rows, the forms of items and the columns of lists."""
    found = case_file()
    told = {(row[0], row[1]) for row in tables.dictionary_rows(found.forms, tables.forms_answered(found))}
    answers = list(tables.answer_rows(found))
    assert any(str(row[2]).startswith("items.") for row in answers)
    for form, _, field, _, _ in answers:
        parts = str(field).split(".")
        where = (parts[1], ".".join(parts[2:])) if parts[0] == "items" else (form, field)
        assert where in told, field
    columns = {
        (name, f"{asked.name}.{column.name}")
        for name, form in found.forms.items()
        for asked in form.fields
        for column in asked.columns
    }
    assert ("result_entry", "problem_list.facts") in columns
    assert columns <= {(row[0], row[1]) for row in tables.dictionary_rows(found.forms, found.forms)}


def test_no_cell_is_run() -> None:
    assert read(tables.table("papers.csv", [("=1+1", None, 3, "@x", "-", "ok")]))[1] == [
        *("'=1+1", "", "3", "'@x", "-", "ok")
    ]
