"""The results of one sheet, back with the items and their sections."""

from __future__ import annotations

from visit_of_items import visit_of_items

from engine.app.queries.papers.items import FoundItem, items_of_case, results_of_item
from engine.app.queries.papers.offline import offline_forms
from engine.kernel.refusal import Refusal


def found(done: bool) -> list[FoundItem]:
    application, case = visit_of_items(done=done)
    items = items_of_case(application, "anna", case)
    assert not isinstance(items, Refusal)
    return list(items)


def test_each_item_has_its_own_result_and_its_section() -> None:
    seen = [
        (one.result.item.code, one.section_title, one.result.answer, len(one.result.problems))
        for one in found(True)
    ]
    assert seen == [("X1", "北片股", "pass", 0), ("X2", "南片股", "fail", 1)]
    assert found(True)[1].as_json()["problems"][0]["note"] == "欠薪"
    assert [one.result.answer for one in found(False)] == [None, None]


def test_an_item_is_looked_up_in_all_visits() -> None:
    application, case = visit_of_items(done=True)
    results = results_of_item(application, "anna", "X2")
    assert not isinstance(results, Refusal)
    assert [(one.case, one.result.answer) for one in results] == [(case, "fail")]
    assert results_of_item(application, "anna", "X7") == []
    assert isinstance(items_of_case(application, "anna", "visit-9"), Refusal)


def test_the_offline_form_asks_no_row_of_an_item_that_was_not_drawn() -> None:
    application, case = visit_of_items(done=False)
    forms = offline_forms(application, "anna", case, "anna")
    assert not isinstance(forms, Refusal)
    assert [row.id for form in forms.steps[0].item_forms for row in form.rows] == ["sign", "wage"]
