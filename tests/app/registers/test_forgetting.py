"""All kinds of `retention.yaml` are removed in one call; what was destroyed once is destroyed again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from engine.app.audit.verify_deployment import verify
from engine.app.daemons.retention import AGAIN, LEFT, REPLACED, is_pending, terms
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.paged_reading import PagedReading
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.records import RegisterEntry
from engine.app.registers.forgetting import DamagedListError, forget, list_text, read_list
from engine.app.registers.import_entries import plan_entries, write_entries
from engine.app.services import Services
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def entry(phone: str, status: str) -> RegisterEntry:
    return RegisterEntry("objects", "o-1", "示例", None, {"phone": phone, "status": status})


def office() -> Services:
    store = MemoryStore()
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    for number, (phone, status) in enumerate([("1", "active"), ("2", "active"), ("2", "closed")]):
        with store.write() as transaction:
            before = {one.id: one for one in transaction.registers.all("objects")}
            plan = plan_entries("objects", before, [entry(phone, status)], source="x")
            write_entries(transaction, NOW + timedelta(days=number), plan, "p", seeded_entropy("t"))
    return Services(store, VirtualClock(NOW), DefinitionCache(keeping))


def test_the_night_after_the_terms_and_the_list_of_before() -> None:
    services, noted = office(), list[DestroyedKey]()
    store = services.store
    assert forget(services, NOW + timedelta(days=9), terms({}), note=noted.extend) == {}
    assert noted == []
    removed = forget(services, NOW + timedelta(days=1200), terms({}), note=noted.extend)
    assert removed == {REPLACED: 1, LEFT: 1}
    assert is_pending(store)
    with PagedReading(store) as pages:
        assert list(verify(pages)) == []
    again = office()
    assert forget(again, NOW + timedelta(days=9), terms({}), noted) == {AGAIN: 2}
    with again.store.read() as transaction:
        (found,) = transaction.registers.all("objects")
        assert "phone" not in found.data
        assert transaction.personal_values.of_subject("objects/o-1") == []


def test_the_list_of_what_is_destroyed_is_read_as_it_was_written() -> None:
    keys = [DestroyedKey("objects/o-1", NOW), DestroyedKey("errand-1/“甲”", NOW + timedelta(days=1))]
    text = list_text(keys)
    assert len(text.splitlines()) == 2
    assert read_list(text) == keys
    assert read_list("") == []
    for broken, number in ((text + "{}\n", 3), ("x\n" + text, 1), (text.replace("until", "till"), 1)):
        with pytest.raises(DamagedListError, match=f"第 {number} 行不是清单的一行"):
            read_list(broken)
