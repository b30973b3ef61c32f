"""Taking a step, for one visit at a time: asked, checked, confirmed, a receipt."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import GOOD, Desk

from engine.web.pages import steps
from engine.web.visit import Answer


def state(desk: Desk, case: str) -> str:
    with desk.bureau.application.store.read() as transaction:
        found = transaction.cases.get(case)
    assert found is not None
    return found.state


def test_answers_are_checked_before_the_step_is_taken(desk: Desk) -> None:
    case = desk.bureau.start()

    def sent(typed: dict[str, str] | None) -> Answer:
        return steps.show(visit_of(desk, typed=typed, case=case, step="report"))

    assert sent(None).status == 200
    checked = sent({"do": "check", **GOOD})
    assert checked.status == 200
    assert "漏签合同" in text_of(checked)
    assert state(desk, case) == "there"
    taken = sent({"do": "confirm", **GOOD})
    assert (taken.status, taken.headers["Location"]) == (303, "/cases/visit-1/receipt?number=2")
    assert state(desk, case) == "checking"


def test_a_refused_step_keeps_what_was_typed_and_says_every_reason(desk: Desk) -> None:
    case = desk.bureau.start()
    answer = steps.show(
        visit_of(desk, typed={"do": "check", "q.found": "无", "q.count": "1"}, case=case, step="report")
    )
    assert answer.status == 422
    text = text_of(answer)
    assert "数量不足两件" in text
    assert "必须写明发现" in text
    assert 'value="1"' in text


def test_a_step_that_somebody_was_faster_with_is_refused(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.bureau.take(case, "report", "clerk-2", {"found": "甲", "count": 2})
    answer = steps.show(visit_of(desk, case=case, step="report"))
    assert answer.status == 409
    assert "经办人02" in text_of(answer) or "clerk-2" in text_of(answer)


def test_a_receipt_is_given_of_what_one_no_longer_sees(desk: Desk) -> None:
    case = desk.bureau.start()
    assert "7" in text_of(steps.receipt(visit_of(desk, "/?number=7", case=case)))
    assert steps.receipt(visit_of(desk, "/?number=7", "clerk-9", case=case)).status == 200
