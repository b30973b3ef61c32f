"""Workbooks of XLSForm, made by another program for the tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

from engine.authoring.xlsform.cell_problem import CellProblem
from engine.authoring.xlsform.importing import ImportedForm, import_form
from engine.definition.library import load_files
from engine.lifecycle.model.form import Form

Rows = Sequence[Sequence[Any]]


def workbook(**sheets: Rows) -> bytes:
    """Return the bytes of a workbook with these sheets."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def imported(survey: Rows, choices: Rows = (), settings: Rows = (), **how: Any) -> ImportedForm:
    """Import a survey with its choices."""
    more = {name: rows for name, rows in (("choices", choices), ("settings", settings)) if rows}
    return import_form(workbook(survey=survey, **more), "sheet", **how)


def form_of(made: ImportedForm) -> Form:
    """Return the form, having made sure that the check finds nothing wrong with it."""
    loaded = load_files({f"{made.name}.yaml": made.text})
    assert [str(one.message) for one in loaded.problems if one.severity == "error"] == []
    return loaded.forms[made.name]


def errors(made: ImportedForm) -> list[str]:
    """Return the errors as ``sheet column row rule``."""
    return [_said(one) for one in made.problems if one.severity == "error"]


def others(made: ImportedForm) -> list[str]:
    """Return the warnings and advice as ``sheet column row rule``."""
    return [_said(one) for one in made.problems if one.severity != "error"]


def _said(one: CellProblem) -> str:
    return f"{one.cell.sheet} {one.cell.column}{one.cell.row} {one.rule}"


CHOICES: Rows = [
    ["list_name", "name", "label", "area"],
    ["area", "north", "北片", None],
    ["area", "south", "南片", None],
    ["town", "a", "甲镇", "north"],
    ["town", "b", "乙镇", "south"],
    ["town", "c", "丙镇", "south"],
    ["fault", "wages", "欠薪", None],
    ["fault", "none", "没有", None],
]
