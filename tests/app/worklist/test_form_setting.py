"""What the questions of a step are put with."""

from __future__ import annotations

from bureau_factories import BUREAU, Bureau
from draft_fixtures import desk

from engine.app.queries.cases import form_setting
from engine.app.worklist.case_view import explain_task
from engine.app.worklist.form_setting import FormSetting, setting_of_form
from engine.kernel.refusal import Refusal


def test_a_step_is_asked_with_the_answers_it_does_not_open() -> None:
    office = desk()
    office.advance("errand-1", "look", "anna", {"firm": "甲", "owed": "1", "secret": "内"})
    found = form_setting(office, "anna", "errand-1", "close")
    assert isinstance(found, FormSetting)
    assert (found.held, found.hidden) == ({"firm": "甲", "secret": "内"}, frozenset({"secret"}))
    assert found.scope["case"]["state"] == "checked"
    assert form_setting(office, "anna", "errand-1", "look") is None
    assert isinstance(form_setting(office, "anna", "errand-9", "look"), Refusal)
    closed = office.advance("errand-1", "close", "anna", {"owed": "2"})
    assert not isinstance(closed, Refusal)
    with office.store.read() as transaction:
        case = transaction.cases.get("errand-1")
        assert case is not None
        assert case.forms["visit"] == {"firm": "甲", "secret": "内", "owed": "2", "unanswered": {"phone": ""}}
        assert setting_of_form(office, transaction, office.clock.now(), case, "look", "anna") is None


APPROVAL = """
form: approval
title: 审批
fields:
  - visited: {title: 本年已检查次数, integer, unit: 次, computed: of_subject.covered}
  - kept_back: {title: 内部次数, integer, computed: of_subject.covered}
  - opinion: {title: 意见}
  - length_of_it: {title: 已填, boolean, computed: filled(form.opinion)}
"""
APPROVING = """
workflow: visit
title: 检查
about: none
start: {by: clerk}
states:
  open:
    title: 待审批
    for: clerk
    steps:
      approve: {title: 批准, to: done, form: approval, hidden: [kept_back]}
  done: {title: 办结, final}
"""
MEASURE = "\nmeasures:\n  covered: {title: 覆盖, part: {cases: visit, forms: approval, distinct: true}, whole: {cases: any}}\n"


def test_whoever_gives_a_form_sees_before_what_it_works_out() -> None:
    office = Bureau(BUREAU + MEASURE, APPROVAL, APPROVING)
    first, second = (office.start("visit", subject={"id": "o1"}) for _ in range(2))

    def shown(case: str, person: str | None) -> list[tuple[tuple[str, str], ...]]:
        with office.look() as transaction:
            view = explain_task(office.application, transaction, office.clock.now(), case, person)
            assert view is not None
            return [step.worked_out for step in view.steps]

    # What depends on an answer is not known yet, and what the step does not show stays unseen.
    assert shown(second, "anna") == [(("本年已检查次数", "0次"),)]
    assert not isinstance(office.application.advance(first, "approve", "anna", {"opinion": "同意"}), Refusal)
    assert shown(second, "anna") == [(("本年已检查次数", "1次"),)]
    assert shown(second, None) == [()]
