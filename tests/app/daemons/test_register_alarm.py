"""What was changed back after a commitment is kept and sent once, and stays until a person dismisses it."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.daemons.register_alarm import (
    RegisterAlarm,
    dismiss_register_alarm,
    pending_register_alarms,
    raise_register_alarm,
)
from engine.app.incidents.incident import REGISTER, find_incident, incidents_in
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, tzinfo=UTC)
FIRST, SECOND = (RegisterAlarm(f"batch-{number}", 1, NOW, 14, f"改回 {number}") for number in (1, 2))


def test_two_draws_each_have_an_incident_until_it_is_dismissed() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        assert raise_register_alarm(transaction, FIRST, "a" * 64, ["lena", "rosa", "lena"])
        assert not raise_register_alarm(transaction, FIRST, "a" * 64, ["lena"])
        assert raise_register_alarm(transaction, SECOND, "b" * 64, ["lena"])
    with store.read() as transaction:
        assert pending_register_alarms(transaction) == [FIRST, SECOND]
        assert sorted(entry.text for entry in transaction.inbox.of("lena")) == [FIRST.text, SECOND.text]
        assert [entry.urgent for entry in transaction.inbox.of("rosa")] == [True]
        found = {one.id: one for one in incidents_in(transaction)}
        assert set(found) == {f"{REGISTER}:batch-1/1", f"{REGISTER}:batch-2/1"}
        assert find_incident(transaction, f"{REGISTER}:batch-1/1") == found[f"{REGISTER}:batch-1/1"]
        assert [event.kind for event in transaction.events.of("office")] == ["register_changed_back"] * 2
    with store.write() as transaction:
        dismiss_register_alarm(transaction, FIRST.draw)
        assert not raise_register_alarm(transaction, FIRST, "a" * 64, ["lena"])
        assert pending_register_alarms(transaction) == [SECOND]
        assert raise_register_alarm(transaction, FIRST, "c" * 64, ["lena"])
        assert pending_register_alarms(transaction) == [FIRST, SECOND]
