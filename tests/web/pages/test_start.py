"""Starting a case by hand: what one may start, and what is refused."""

from __future__ import annotations

from workbench_fixtures import Desk

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
