"""One's own account, for one visit: who one is, two passwords that differ, the inbox."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages import account


def test_the_account_says_who_one_is(desk: Desk) -> None:
    answer = account.show(visit_of(desk, "/account"))
    assert answer.status == 200
    assert "经办人01" in text_of(answer)


def test_two_passwords_that_differ_are_not_taken(desk: Desk) -> None:
    answer = account.show(visit_of(desk, "/account", typed={"password": "one", "again": "other"}))
    assert answer.status == 422
    assert "两次输入的口令不一样" in text_of(answer)
    with desk.bureau.application.store.read() as transaction:
        assert not transaction.credentials.exist()


def test_who_proved_it_by_a_password_cannot_go_on_as_another(desk: Desk) -> None:
    assert account.change(visit_of(desk, "/person", typed={"person": "head-1"})).status == 403
    assert account.change(visit_of(desk, "/person", None)).status == 403


def test_an_empty_inbox_is_a_page_and_acknowledging_leads_back(desk: Desk) -> None:
    assert account.inbox(visit_of(desk, "/inbox")).status == 200
    assert account.inbox(visit_of(desk, "/inbox?all=1")).status == 200
    assert account.inbox(visit_of(desk, "/inbox", typed={})).headers["Location"] == "/inbox"
