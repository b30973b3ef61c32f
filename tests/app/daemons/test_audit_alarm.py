"""Findings are kept, written to supervision once, and stay until a person dismisses them."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.daemons.audit_alarm import (
    dismiss_alarm,
    dismissed_findings,
    forget_dismissed,
    pending_alarm,
    raise_alarm,
)
from engine.app.incidents.incident import AUDIT, find_incident, incidents_in
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def test_findings_are_an_incident_and_a_message_until_they_are_dismissed() -> None:
    store = MemoryStore()

    def found(*texts: str) -> bool:
        return raise_alarm(store, NOW, texts, lambda _: ["lena", "rosa", "lena"], lasting=True)

    assert found("row a", "row b")
    assert found("row a", "row b")
    with store.read() as transaction:
        (entry,) = transaction.inbox.of("lena")
        assert entry.urgent
        assert "row a" in entry.text
        alarm = pending_alarm(transaction)
        assert alarm is not None
        assert (alarm.count, alarm.first) == (2, ("row a", "row b"))
        (incident,) = incidents_in(transaction)
        assert (incident.id, incident.kind, incident.times) == (AUDIT, AUDIT, 2)
        assert find_incident(transaction, AUDIT) == incident
        assert [event.kind for event in transaction.events.of("office")] == ["audit_findings"]
        assert dismissed_findings(transaction) == 0
    with store.write() as transaction:
        dismiss_alarm(transaction)
    assert not found("row a", "row b")
    with store.read() as transaction:
        assert dismissed_findings(transaction) == 2
    with store.read() as transaction:
        assert pending_alarm(transaction) is None
        assert find_incident(transaction, AUDIT) is None
    assert found("row c")
    forget_dismissed(store)
    with store.read() as transaction:
        # Another finding waits: nothing of it is forgotten.
        assert (dismissed_findings(transaction), pending_alarm(transaction) is None) == (0, False)
        assert len(transaction.inbox.of("rosa")) == 2
    with store.write() as transaction:
        dismiss_alarm(transaction)
    forget_dismissed(store)
    with store.read() as transaction:
        assert dismissed_findings(transaction) == 0
    # What comes again after it was gone is another alarm.
    assert found("row c")
