"""What the office does: the code with the papers it opens, typing for the firm, answers; another section cannot."""

from __future__ import annotations

from datetime import date

import pytest
from rectification_fixtures import PERSON, RectificationDesk, rectification_desk

from engine.app.commands import Caller
from engine.app.commands.rectification.office import (
    FirmEntered,
    IssuedCode,
    answer_extension,
    answer_feedback,
    end_firm_code,
    enter_for_firm,
    issue_firm_code,
)
from engine.app.history.replay import history
from engine.app.queries.rectification.firm import FirmFeedback, show_feedback
from engine.kernel.refusal import Refusal

BY = Caller(PERSON)


@pytest.fixture
def desk() -> RectificationDesk:
    return rectification_desk()


def seen(desk: RectificationDesk) -> FirmFeedback:
    found = show_feedback(desk.application, PERSON, desk.case)
    assert isinstance(found, FirmFeedback), found
    return found


def test_what_the_office_types_says_so(desk: RectificationDesk) -> None:
    for act, answers in (
        ("feedback", {"problem": 2, "text": "电话里说已公示"}),
        ("extension", {"until": "2024-11-15", "reason": "等料"}),
        ("contact", {"phone": "0311-86000002"}),
    ):
        assert isinstance(enter_for_firm(desk.application, BY, desk.case, act, answers), FirmEntered)
    view = seen(desk).view
    assert view.problems[1].rounds[0].entered_by == PERSON
    assert view.extensions[0].entered_by == PERSON
    with desk.application.store.read() as transaction:
        titles = [str(event.body["title"]) for event in history(transaction, desk.case)][-3:]
    assert all(title.endswith("（代录）") for title in titles)


def test_requests_are_answered_once(desk: RectificationDesk) -> None:
    assert isinstance(answer_extension(desk.application, BY, desk.case, "", accepted=True), Refusal)
    assert isinstance(answer_feedback(desk.application, BY, desk.case, 1, "", accepted=True), Refusal)
    enter_for_firm(desk.application, BY, desk.case, "extension", {"until": "2024-11-15", "reason": "等料"})
    assert isinstance(answer_extension(desk.application, BY, desk.case, " ", accepted=False), Refusal)
    assert isinstance(answer_extension(desk.application, BY, desk.case, "同意", accepted=True), FirmEntered)
    assert seen(desk).view.extensions[0].granted is True
    enter_for_firm(desk.application, BY, desk.case, "feedback", {"problem": 1, "text": "x"})
    assert isinstance(answer_feedback(desk.application, BY, desk.case, 1, "", accepted=False), Refusal)


def test_a_code_is_issued_with_papers_of_the_case_alone(desk: RectificationDesk) -> None:
    assert seen(desk).papers == [(desk.paper, "责令改正书")]
    strange = issue_firm_code(desk.application, BY, desk.case, ["other-1/order_paper/1"])
    assert isinstance(strange, Refusal)
    found = issue_firm_code(desk.application, Caller(PERSON, "again"), desk.case, [desk.paper])
    assert isinstance(found, IssuedCode)
    assert found.code not in repr(found)
    # Asked again with the same id it is not shown again, and is not another one.
    repeated = issue_firm_code(desk.application, Caller(PERSON, "again"), desk.case, [desk.paper])
    assert isinstance(repeated, IssuedCode)
    assert repeated.code == ""
    with desk.application.store.read() as transaction:
        assert found.code.replace("-", "") not in str(
            [event.body for event in history(transaction, desk.case)]
        )
    assert isinstance(end_firm_code(desk.application, BY, desk.case), FirmEntered)
    assert isinstance(end_firm_code(desk.application, BY, desk.case), Refusal)


def test_no_code_for_a_closed_page_or_an_ended_case(desk: RectificationDesk) -> None:
    desk.application.settings = {"firm_page": "closed"}
    assert isinstance(issue_firm_code(desk.application, BY, desk.case, []), Refusal)
    desk.application.settings = {}
    desk.served().take(desk.case, "close", PERSON)
    assert isinstance(issue_firm_code(desk.application, BY, desk.case, []), Refusal)


def test_another_section_is_answered_as_if_there_were_no_case(desk: RectificationDesk) -> None:
    other = Caller("clerk-9")
    for case in (desk.case, "rectify-99"):
        for outcome in (
            issue_firm_code(desk.application, other, case, []),
            end_firm_code(desk.application, other, case),
            enter_for_firm(desk.application, other, case, "contact", {"contact": "x"}),
            answer_feedback(desk.application, other, case, 1, "", accepted=True),
            answer_extension(desk.application, other, case, "", accepted=True),
            show_feedback(desk.application, "clerk-9", case),
        ):
            assert isinstance(outcome, Refusal)
            assert str(outcome).replace(case, "-") == str(outcome).replace(case, "-")
            assert "没有案件" in str(outcome)


def test_granting_more_time_moves_the_term(desk: RectificationDesk) -> None:
    desk.served()
    enter_for_firm(desk.application, BY, desk.case, "extension", {"until": "2024-11-15", "reason": "等料"})
    found = seen(desk)
    assert found.moves_term
    assert found.view.due_on == date(2024, 10, 31)
    assert isinstance(answer_extension(desk.application, BY, desk.case, "同意", accepted=True), FirmEntered)
    view = seen(desk).view
    assert (view.due_on, view.extensions[0].due_on) == (date(2024, 11, 15), date(2024, 11, 15))
    with desk.application.store.read() as transaction:
        case = transaction.cases.get(desk.case)
    assert case is not None
    assert case.clocks["rectify_due"].due_on == date(2024, 11, 15)
    # Once the clock has stopped the firm still reads the last day it had.
    desk.take(desk.case, "close", PERSON)
    assert seen(desk).view.due_on == date(2024, 11, 15)


def test_more_time_than_may_be_given_is_refused_and_moves_nothing(desk: RectificationDesk) -> None:
    desk.served()
    enter_for_firm(desk.application, BY, desk.case, "extension", {"until": "2024-12-31", "reason": "等料"})
    refused = answer_extension(desk.application, BY, desk.case, "同意", accepted=True)
    assert isinstance(refused, Refusal)
    assert "延期合计不得超过" in str(refused)
    view = seen(desk).view
    assert (view.due_on, view.extensions[0].granted) == (date(2024, 10, 31), None)
    assert isinstance(
        answer_extension(desk.application, BY, desk.case, "最多30日", accepted=False), FirmEntered
    )
    assert seen(desk).view.due_on == date(2024, 10, 31)


def test_before_the_order_is_served_no_clock_runs_and_none_is_moved(desk: RectificationDesk) -> None:
    enter_for_firm(desk.application, BY, desk.case, "extension", {"until": "2024-11-15", "reason": "等料"})
    assert not seen(desk).moves_term
    assert isinstance(answer_extension(desk.application, BY, desk.case, "", accepted=True), FirmEntered)
    assert seen(desk).view.due_on == date(2024, 10, 31)
