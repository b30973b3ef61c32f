"""What was sent, and a test message: whether a channel works is seen by what it brings."""

from __future__ import annotations

from page_visits import visit_of
from workbench_fixtures import Desk

from engine.web.forms.shown import names_of_people
from engine.web.pages.office import deliveries


def test_a_test_message_goes_through_the_outbox_and_is_in_the_log(desk: Desk) -> None:
    desk.sign_in("head-1")
    text = desk.get("/administration/deliveries").text
    assert "给自己发一条测试消息" in text
    assert desk.post("/administration/deliveries", channel="log").status_code == 303
    text = desk.get("/administration/deliveries?status=waiting").text
    assert "测试消息" in text
    # Whom it goes to is said by name.
    assert names_of_people(visit_of(desk))["head-1"] in text
    assert "没有记录" in desk.get("/administration/deliveries?status=sent").text
    assert desk.post("/administration/deliveries", channel="pigeon").status_code == 422
    assert deliveries.show is not None


def test_only_whoever_runs_the_deployment_sends_one(signed_in: Desk) -> None:
    assert signed_in.post("/administration/deliveries", channel="log").status_code == 403
