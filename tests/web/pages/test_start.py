"""Starting a case by hand: what one may start, and what is refused."""

from __future__ import annotations

from workbench_fixtures import Desk

from engine.app.ports.records import CaseFilter
from engine.web.pages import start


def test_what_one_may_start_and_its_receipt(signed_in: Desk) -> None:
    assert "/start/visit" in signed_in.get("/start").text
    assert "/start/errand" not in signed_in.get("/start").text
    assert signed_in.get("/start/errand").status_code == 404
    done = signed_in.post("/start/visit", do="start", title="新的走访")
    assert done.headers["location"] == "/cases/visit-1/receipt?number=1"
    refused = signed_in.post("/start/visit", do="start", title="再一件", about="people:nobody")
    assert refused.status_code == 422
    assert 'value="再一件"' in refused.text
    assert start.choose is not None


def test_who_may_start_nothing_reads_why(desk: Desk) -> None:
    desk.sign_in("head-1")
    assert "没有您可以启动的流程" in desk.get("/start").text


def test_a_case_can_be_started_under_another(signed_in: Desk) -> None:
    above = signed_in.bureau.start()
    assert f'value="{above}"' in signed_in.get(f"/start/visit?under={above}").text
    done = signed_in.post("/start/visit", do="start", title="其下一件", under=above)
    assert done.status_code in (302, 303)
    with signed_in.bureau.application.store.read() as transaction:
        (below,) = [one for one in transaction.cases.find(CaseFilter()) if one.parent]
    assert below.parent == above
    refused = signed_in.post("/start/visit", do="start", title="没有的", under="visit-99")
    assert refused.status_code in (404, 422)
