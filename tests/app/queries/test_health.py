"""How the running of a deployment stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bureau_of_sections import Opened, open_sections

from engine.app.commands import Caller
from engine.app.commands.seal import seal
from engine.app.daemons.heartbeats import record
from engine.app.ports.records import OutboxItem, Timer
from engine.app.queries.health import DeploymentHealth, read_health
from engine.kernel.refusal import Refusal

SILENT = timedelta(minutes=5)


@pytest.fixture
def opened() -> Opened:
    return open_sections()


def health(opened: Opened) -> DeploymentHealth:
    found = read_health(opened.services, "lena", SILENT)
    assert isinstance(found, DeploymentHealth), str(found)
    return found


def test_at_rest(opened: Opened) -> None:
    found = health(opened)
    assert (found.now, found.people) == (opened.services.clock.now(), 5)
    assert (found.incidents, found.undelivered, found.last_seal_at, found.last_seal_day) == (0, 0, None, "")
    assert (found.has_passwords, found.has_tokens, found.skew) == (False, False, None)
    assert (list(found.daemons), list(found.living), list(found.workflows)) == ([], [], ["errand"])
    assert found.events == 2


def test_what_went_wrong_and_waits_is_counted(opened: Opened) -> None:
    now = opened.services.clock.now()
    letters = [
        OutboxItem(
            id=f"errand-9:{number}:1",
            kind="message",
            channel="log",
            recipient="anna",
            case="errand-9",
            payload={},
            created_at=now,
        )
        for number in (1, 2, 3)
    ]
    with opened.services.store.write() as transaction:
        before = transaction.outbox.counts()
        stray = Timer("errand-9", "old", now)
        transaction.timers.put([stray])
        transaction.timers.set_aside(stray, "broken")
        transaction.outbox.put(letters)
        for letter in letters[:2]:
            transaction.outbox.failed(letter.id, "550", None)
    found = health(opened)
    waiting = sum(count for (_, status), count in before.items() if status == "waiting")
    assert (found.incidents, found.undelivered, found.waiting - waiting) == (1, 2, 1)


def test_a_daemon_that_has_been_silent_does_not_live(opened: Opened) -> None:
    now = opened.services.clock.now()
    record(opened.services.store, "one", "1", now - timedelta(minutes=1), ahead=timedelta(0))
    record(opened.services.store, "two", "1", now - timedelta(hours=1), ahead=timedelta(0))
    found = health(opened)
    assert {one.name for one in found.daemons} == {"one", "two"}
    assert [one.name for one in found.living] == ["one"]


def test_a_seal_is_named_with_its_day(opened: Opened) -> None:
    seal(opened.services, Caller("lena"))
    found = health(opened)
    assert (found.last_seal_at, found.last_seal_day) == (opened.services.clock.now(), "2024-09-02")


def test_who_may_not_learns_nothing(opened: Opened) -> None:
    assert isinstance(read_health(opened.services, "nobody", SILENT), Refusal)
