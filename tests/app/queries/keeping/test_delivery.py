"""What was sent and what was not: newest first, by what became of it, of cases the viewer sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bureau_of_sections import open_sections

from engine.app.ports.records import OutboxItem
from engine.app.queries.keeping.delivery import Deliveries, list_deliveries
from engine.kernel.refusal import Refusal


def test_items_are_listed_newest_first_with_the_channels() -> None:
    opened = open_sections()
    services, now = opened.services, opened.services.clock.now()
    services.channels = ("log", "inbox")
    item = OutboxItem(
        id="m-1",
        kind="message",
        channel="log",
        recipient="anna",
        case=opened.case,
        payload={"about": "x"},
        created_at=now,
    )
    with services.store.write() as transaction:
        before = {one.id for one in transaction.outbox.listed()}
        transaction.outbox.put(
            [
                item,
                replace(item, id="m-2", status="incident", created_at=now + timedelta(hours=1)),
                replace(item, id="m-3", case=None, created_at=now + timedelta(hours=2)),
            ]
        )

    def seen(viewer: str, status: str | None = None, limit: int = 100) -> list[str]:
        found = list_deliveries(services, viewer, status, limit)
        assert isinstance(found, Deliveries)
        assert found.channels == ("log", "inbox")
        return [one.id for one in found.rows if one.id not in before]

    assert seen("lena") == ["m-3", "m-2", "m-1"]
    assert seen("lena", "incident") == ["m-2"]
    assert seen("lena", "nonsense") == ["m-3", "m-2", "m-1"]
    assert seen("lena", limit=1) == ["m-3"]
    assert isinstance(list_deliveries(services, "nobody"), Refusal)
