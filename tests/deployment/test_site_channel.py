"""One build of the site is the delivery of every item."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.records import OutboxItem
from engine.deployment.site_channel import SiteChannel

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def item(number: int) -> OutboxItem:
    return OutboxItem(
        id=f"c:{number}:1",
        kind="publication",
        channel="site",
        recipient=None,
        case="c",
        payload={},
        created_at=NOW,
    )


def test_one_build_answers_for_all_items() -> None:
    built: list[str] = []
    outcomes = SiteChannel(lambda: built.append("site")).send([item(1), item(2)])
    assert built == ["site"]
    assert [(one.item, one.error) for one in outcomes] == [("c:1:1", None), ("c:2:1", None)]
