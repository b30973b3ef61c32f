"""The pages of whoever keeps the deployment, and what others are not shown of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.web.pages.office import administration
from engine.web.visit import PageVisit


def of(desk: Desk, who: str, viewer: str, typed: dict[str, str] | None = None) -> PageVisit:
    return replace(visit_of(desk, "/", viewer, typed), parts={"person": who})


def test_health_and_people(desk: Desk) -> None:
    text = text_of(administration.show(visit_of(desk, "/administration?text=clerk-1", "head-1")))
    assert "没有在运行" in text
    assert "/people/clerk-1" in text
    assert "/people/chief-1" not in text


def test_a_person_with_sessions_that_can_be_ended(desk: Desk) -> None:
    desk.sign_in("clerk-1")
    own = text_of(administration.person(of(desk, "clerk-1", "clerk-1")))
    assert "登录，" in own
    kept = administration.person(of(desk, "clerk-1", "clerk-9"))
    assert "由本人或管人员的查看" in text_of(kept)
    refused = administration.person(of(desk, "clerk-1", "clerk-9", {"do": "sessions"}))
    assert refused.status == 403
    assert desk.get("/").status_code == 200
    ended = administration.person(of(desk, "clerk-1", "head-1", {"do": "sessions"}))
    assert ended.status == 303
    assert desk.get("/").status_code == 303
    assert administration.person(of(desk, "nobody", "head-1")).status == 404


@pytest.mark.usefixtures("quick_hashing")
def test_tokens_are_revoked_and_passwords_set(desk: Desk) -> None:
    desk.token("clerk-1")
    with desk.bureau.application.store.read() as transaction:
        (token,) = transaction.tokens.all("clerk-1")
    who = of(desk, "clerk-1", "clerk-1", {"do": "token", "token": token.id})
    assert administration.person(who).status == 303
    short = of(desk, "clerk-1", "clerk-1", {"do": "password", "password": "x"})
    answer = administration.person(short)
    assert answer.status == 422
    assert 'id="errors"' in text_of(answer)


def test_refused_attempts(desk: Desk) -> None:
    case = desk.bureau.start()
    desk.bureau.refused(case, "report", "clerk-1", {"found": "无", "count": 1})
    found = administration.attempts(visit_of(desk, f"/?case={case}", "head-1"))
    assert "必须写明发现" in text_of(found)
    assert administration.attempts(visit_of(desk, f"/?case={case}", "clerk-1")).status == 403
    assert administration.attempts(visit_of(desk, "/?case=visit-99", "head-1")).status in (404, 422)
