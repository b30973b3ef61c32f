"""What the questions of a step are put with."""

from __future__ import annotations

from draft_fixtures import desk

from engine.app.queries.cases import form_setting
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
