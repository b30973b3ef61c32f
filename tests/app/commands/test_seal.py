"""Sealing by hand: by who may, once for every change."""

from __future__ import annotations

from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.application import CommandResult, NewCase
from engine.app.commands.seal import seal
from engine.app.ports.records import Seal
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


def test_it_is_made_by_who_may_and_once() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
    assert isinstance(seal(services, Caller("anna")), Refusal)
    first = seal(services, Caller("lena"))
    assert isinstance(first, Seal)
    assert first.day == "2024-09-02"
    assert seal(services, Caller("lena")) is None
    assert isinstance(services.start("errand", "anna", NewCase(title="又一件")), CommandResult)
    second = seal(services, Caller("lena"))
    assert isinstance(second, Seal)
    assert second.root != first.root
    with services.store.read() as transaction:
        assert {event.actor for event in transaction.events.of("seal")} == {"lena"}
