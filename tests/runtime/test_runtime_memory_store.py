"""Delivery on the store that ships with the product, from the registers to the mailbox."""

from __future__ import annotations

import json
import threading
from collections import Counter
from pathlib import Path

import pytest
from outbox_store import NOW, item
from smtp_server import Manners, smtp_server

from engine.app.delivery.deliver import Retry, deliver
from engine.app.ports.records import RegisterEntry
from engine.runtime.addresses import register_addresses
from engine.runtime.channels import open_channels
from engine.store.memory import MemoryStore

RETRY = Retry(minutes=(1, 5), lease=10)


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    with made.write() as transaction:
        transaction.registers.put(
            [
                RegisterEntry("people", "p1", "甲", data={"email": "p1@example.cn"}),
                RegisterEntry("people", "p2", "乙"),
                RegisterEntry("inspectors", "p2", "乙", data={"email": "p2@example.cn"}),
                RegisterEntry("inspectors", "p3", "丙"),
            ],
            NOW,
        )
    return made


def put(store: MemoryStore, *items) -> None:
    with store.write() as transaction:
        transaction.outbox.put(items)


def statuses(store: MemoryStore) -> Counter[str]:
    with store.read() as transaction:
        return Counter(found.status for found in transaction.outbox.listed())


def test_addresses_come_from_the_registers(store: MemoryStore):
    look_up = register_addresses(store)
    assert [look_up(p) for p in ("p1", "p2", "p3", "p4")] == ["p1@example.cn", "p2@example.cn", None, None]


def test_a_message_on_two_channels_reaches_both(store: MemoryStore, tmp_path: Path):
    for n, person in enumerate(("p1", "p2", "p3")):
        put(store, item(n, "mail", person, id=f"{n}:mail"), item(n, "log", person, id=f"{n}:log"))
    manners = Manners()
    with smtp_server(manners) as port:
        settings = {"log": {}, "mail": {"host": "127.0.0.1", "port": port, "from": "ssj@example.cn"}}
        channels = open_channels(settings, tmp_path, addresses=register_addresses(store))
        done = deliver(store, channels, NOW, retry=RETRY)
    assert (done.sent, done.failed, done.incidents) == (5, 0, 1)
    assert sorted(m.recipients[0] for m in manners.mails) == ["p1@example.cn", "p2@example.cn"]
    written = (tmp_path / "logs" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["recipient"] for line in written] == ["p1", "p2", "p3"]
    with store.read() as transaction:
        (stuck,) = transaction.outbox.listed(status="incident")
    assert stuck.id == "2:mail"
    assert "p3" in (stuck.error or "")


def test_two_at_once_on_one_store(store: MemoryStore, tmp_path: Path):
    put(store, *(item(n) for n in range(150)))
    channels = open_channels({"log": {"batch": 7}}, tmp_path)
    threads = [threading.Thread(target=lambda: deliver(store, channels, NOW, retry=RETRY)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = (tmp_path / "logs" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    ids = Counter(json.loads(line)["id"] for line in written)
    assert len(ids) == 150
    assert set(ids.values()) == {1}
    assert statuses(store) == {"sent": 150}


def test_an_answer_that_comes_after_the_lease_takes_nothing_back(store: MemoryStore):
    """A process that was asleep for longer than its lease reports a failure of what another has sent meanwhile."""
    from engine.app.delivery.deliver import Outcome
    from engine.language import say

    put(store, item(1))

    class Quick:
        batch = 5

        def send(self, items):
            return [Outcome(i.id) for i in items]

    class Asleep(Quick):
        def send(self, items):
            deliver(store, {"log": Quick()}, NOW.replace(minute=30), retry=RETRY)
            return [Outcome(i.id, say("超时")) for i in items]

    deliver(store, {"log": Asleep()}, NOW, retry=RETRY)
    assert statuses(store) == {"sent": 1}
