"""Signing in and out, for one visit: by the one-time link, never elsewhere than here."""

from __future__ import annotations

from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.web.pages import sign_in


def test_the_page_asks_for_person_and_password(desk: Desk) -> None:
    answer = sign_in.show(visit_of(desk, "/sign-in?next=/cases", None))
    assert answer.status == 200
    assert 'name="password"' in text_of(answer)


def test_a_link_is_good_once(desk: Desk) -> None:
    key = make_set_up_link(desk.bureau.application)
    asked = sign_in.set_up(visit_of(desk, f"/set-up?key={key}", None))
    assert "clerk-1" in text_of(asked)
    unknown = sign_in.set_up(visit_of(desk, "/set-up", None, {"key": key, "person": "nobody"}))
    assert unknown.status == 422
    entered = sign_in.set_up(visit_of(desk, "/set-up", None, {"key": key, "person": "clerk-1"}))
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    assert entered.cookies[sign_in.SESSION_COOKIE]
    assert entered.cookies[sign_in.VISIT_COOKIE] is None
    again = sign_in.set_up(visit_of(desk, "/set-up", None, {"key": key, "person": "clerk-1"}))
    assert again.status == 404


def test_signing_out_takes_both_cookies_away(desk: Desk) -> None:
    answer = sign_in.sign_out(visit_of(desk, "/sign-out", typed={}))
    assert answer.headers["Location"] == "/sign-in"
    assert answer.cookies == {sign_in.SESSION_COOKIE: None, sign_in.VISIT_COOKIE: None}
