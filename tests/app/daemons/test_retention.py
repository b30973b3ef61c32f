"""What is past its term is removed on the day, is found removed by right, and everything else stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from access_factories import BUREAU, services_over
from sample_rows import make_outgoing, make_reading

from engine.app.audit.verify_deployment import verify
from engine.app.daemons.retention import (
    MAX_DAYS,
    PENDING,
    RetentionTerm,
    forget,
    is_pending,
    settle_pending,
    shipped_terms,
    terms,
    wrong_terms,
)
from engine.app.history.paged_reading import PagedReading
from engine.language import in_language
from engine.store.memory import MemoryStore


def test_on_the_day_and_not_before() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    store, now = services.store, services.clock.now()
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing("o-1", created_at=now)])
        transaction.outbox.sent(["o-1"], now)
        transaction.readings.add([make_reading(at=now)])
    in_force = terms({"retention": {"messages": 30}})
    assert forget(store, now + timedelta(days=30), in_force) == {}
    assert not is_pending(store)
    assert forget(store, now + timedelta(days=31), in_force) == {"messages": 1}
    assert is_pending(store)
    settle_pending(store)
    assert not is_pending(store)
    assert forget(store, now + timedelta(days=2000), in_force)["readings"] == 1
    with store.read() as transaction:
        kinds = [one.kind for one in transaction.events.of("office")]
        assert transaction.settings.get(PENDING)
        assert transaction.outbox.listed() == []
    assert kinds.count("forgotten") == 2
    with PagedReading(store) as pages:
        assert list(verify(pages)) == []


def test_terms_of_the_settings_within_bounds() -> None:
    assert terms({}) == shipped_terms()
    assert terms({"retention": {"inbox": 60}})["inbox"].days == 60
    one = RetentionTerm("inbox", 60, 30, ("甲", "a"), ("乙", "b"))
    assert one.as_json() == {"kind": "inbox", "days": 60, "title": "甲", "why": "乙"}
    with in_language("en"):
        assert (one.title, one.why) == ("a", "b")


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"events": 5}, "没有“events”"),
        ({"readings": 5}, "1095 至"),
        ({"inbox": MAX_DAYS + 1}, "30 至"),
        ({"inbox": True}, "30 至"),
        ({"inbox": "60"}, "30 至"),
    ],
)
def test_wrong_terms_are_named_and_not_followed(own: dict[str, object], sentence: str) -> None:
    (problem,) = wrong_terms({"retention": own})
    assert sentence in str(problem)
    assert terms({"retention": own}) == shipped_terms()
