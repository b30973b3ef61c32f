"""Incidents: listed, tried again, closed with a reason, each by whoever may."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from page_visits import text_of, visit_of
from workbench_fixtures import Desk

from engine.app.ports.records import OutboxItem
from engine.web.pages.office import incidents


@pytest.fixture
def failed(desk: Desk) -> Desk:
    item = OutboxItem(
        id="m-1",
        kind="notify",
        channel="mail",
        recipient="clerk-1",
        case=None,
        payload={"text": "x"},
        created_at=datetime(2024, 9, 1, tzinfo=UTC),
    )
    with desk.bureau.application.store.write() as transaction:
        transaction.outbox.put([item])
        transaction.outbox.failed("m-1", "没有这台服务器", None)
    return desk


def test_none(desk: Desk) -> None:
    assert "没有异常" in text_of(incidents.show(visit_of(desk, "/incidents", "head-1")))


def test_tried_again_and_closed(failed: Desk) -> None:
    assert "没有这台服务器" in text_of(incidents.show(visit_of(failed, "/incidents", "head-1")))

    def sent(person: str, **typed: str) -> int:
        return incidents.show(visit_of(failed, "/incidents", person, typed)).status

    assert sent("clerk-1", do="retry", incident="m-1") == 403
    assert sent("head-1", do="close", incident="m-1") == 422
    assert sent("head-1", do="retry", incident="m-1") == 303
    assert sent("head-1", do="retry", incident="m-9") in (404, 422)
    with failed.bureau.application.store.write() as transaction:
        transaction.outbox.failed("m-1", "仍然没有", None)
    assert sent("head-1", do="close", incident="m-1", reason="收件人已离职") == 303
    assert sent("head-1", do="all") == 303
    assert "没有异常" in text_of(incidents.show(visit_of(failed, "/incidents", "head-1")))
