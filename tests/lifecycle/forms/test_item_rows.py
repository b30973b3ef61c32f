"""Rows of items that were not notified are not asked."""

from __future__ import annotations

from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.forms.item_rows import form_of_items


def test_only_the_rows_of_the_items_of_a_case_are_asked() -> None:
    library = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library
    form = library.forms["employment_check"]
    assert [row.id for row in form_of_items(form, ["GZ-01"]).rows] == [
        "wages",
        "wage_ledger",
        "pay_day",
    ]
    assert [row.id for row in form_of_items(form, [{"code": "LD-03"}]).rows] == [
        "child_labour",
        "women_and_minors",
        "hours",
    ]
    assert form_of_items(form, ["L01"]) is form
    agency = library.forms["hr_agency_check"]
    assert form_of_items(agency, ["SC-01"]) is agency
    named = {item for row in form.rows for item in row.items}
    assert named == {"LD-01", "LD-02", "LD-03", "GZ-01", "SB-01", "PQ-02"}
