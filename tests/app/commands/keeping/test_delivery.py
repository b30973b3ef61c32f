"""A test message goes to whoever asks, on the channel they name."""

from __future__ import annotations

from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.keeping.delivery import send_test_message
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


def test_a_test_message_is_put_where_its_channel_takes_it_from() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    services.channels = ("log", "inbox")
    sent = [send_test_message(services, Caller("lena"), channel) for channel in ("log", "inbox")]
    assert sent == [f"test:{channel}:lena:2024-09-02T02:00:00.000000Z" for channel in ("log", "inbox")]
    with services.store.read() as transaction:
        (item,) = [one for one in transaction.outbox.listed() if one.id == sent[0]]
        (entry,) = transaction.inbox.of("lena", unacked=True, limit=9)
    assert (item.channel, item.recipient, item.payload["about"]) == ("log", "lena", "test")
    assert "渠道“log”能用" in str(item.payload["text"])
    assert (entry.id, entry.about, entry.urgent) == (sent[1], "test", True)


def test_a_channel_there_is_not_and_who_may_not_are_refused() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    services.channels = ("log",)
    refused = send_test_message(services, Caller("lena"), "smtp")
    assert isinstance(refused, Refusal)
    assert str(refused) == "没有渠道“smtp”；有：log"
    assert isinstance(send_test_message(services, Caller("anna"), "log"), Refusal)
    with services.store.read() as transaction:
        assert [one for one in transaction.outbox.listed() if one.id.startswith("test:")] == []
