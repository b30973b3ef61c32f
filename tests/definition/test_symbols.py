"""What one file may refer to in the others."""

from __future__ import annotations

import pytest

from engine.definition.symbols import FormOutline, SymbolTable, WorkflowOutline

FORMS = {"checked": FormOutline("checked", {}, ("contract",)), "plain": FormOutline("plain", {})}
WITH_ITEMS = {"w": WorkflowOutline("w", with_items=frozenset({"visit"})), "v": WorkflowOutline("v")}


@pytest.mark.parametrize(
    ("form", "counted"), [("checked", True), ("plain", False), ("visit", True), ("unknown", False)]
)
def test_answers_carry_failed_rows_of_the_form_or_of_item_forms(form: str, counted: bool) -> None:
    assert SymbolTable(FORMS, WITH_ITEMS).counted(form) is counted
    assert SymbolTable(FORMS, WITH_ITEMS, partial=True).counted(form) is True


def test_types_worked_out_are_no_part_of_what_a_world_is() -> None:
    first, second = SymbolTable(FORMS), SymbolTable(FORMS)
    first.worked_out["x"] = None  # type: ignore[assignment]  # anything
    assert first == second
    assert second.worked_out == {}
