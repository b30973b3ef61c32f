"""Two who write different rows at once: neither overwrites what the other wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from concurrent_acts import all_at_once
from sample_rows import NOW, after, ids, make_delegation, make_entry, make_heartbeat, make_token
from wrong_rows import wrong_rows

from engine.app.commands import Caller
from engine.app.commands.delegations import add_delegation
from engine.app.daemons.heartbeats import record
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import Credential, Delegation
from engine.app.ports.store import Store, Transaction
from engine.app.services import Services
from engine.app.sign_in import attempts as counting
from engine.app.sign_in import passwords, sign_in
from engine.app.sign_in.sign_in import sign_in_with_token
from engine.app.sign_in.tokens import STREAM, create_token
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

MANY = 6


@pytest.fixture
def services(store: Store) -> Services:
    """Return services that know some people and nothing else."""
    with store.write() as transaction:
        people = [make_entry(f"p-{number}", "people", data={"roles": []}) for number in range(2 * MANY)]
        transaction.registers.put(people, NOW)
    keeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    return Services(store, VirtualClock(NOW), DefinitionCache(keeping))


@pytest.mark.parametrize(
    ("write", "seen"),
    [
        (
            lambda transaction, n: transaction.tokens.add(make_token(f"t{n}")),
            lambda transaction: sorted(ids(transaction.tokens.all())),
        ),
        (
            lambda transaction, n: transaction.credentials.put(Credential(f"t{n}", "hash", NOW)),
            lambda transaction: [f"t{n}" for n in range(2) if transaction.credentials.get(f"t{n}")],
        ),
        (
            lambda transaction, n: transaction.daemons.put(make_heartbeat(f"t{n}")),
            lambda transaction: [one.name for one in transaction.daemons.all()],
        ),
        (
            lambda transaction, n: transaction.delegations.add(make_delegation(f"t{n}")),
            lambda transaction: sorted(ids(transaction.delegations.all())),
        ),
    ],
    ids=["tokens", "credentials", "daemons", "delegations"],
)
def test_two_transactions_each_add_a_row(
    store: Store,
    write: Callable[[Transaction, int], None],
    seen: Callable[[Transaction], list[str]],
) -> None:
    """Each reads before either writes, where the store lets two write at once."""
    reading = threading.Barrier(2)

    def act(number: int) -> None:
        with store.write() as transaction:
            seen(transaction)
            # BrokenError where one transaction writes at a time: the other waits for this one to end.
            with suppress(threading.BrokenBarrierError):
                reading.wait(0.3)
            write(transaction, number)

    all_at_once(lambda: act(0), lambda: act(1))
    with store.read() as transaction:
        assert seen(transaction) == ["t0", "t1"]


def test_tokens_made_at_once(services: Services) -> None:
    def issue(number: int) -> None:
        def once() -> None:
            with services.store.write() as transaction:
                create_token(transaction, NOW, f"p-{number}", "", 30, "p-0")

        retry_on_conflict(once)

    all_at_once(*(lambda n=n: issue(n) for n in range(MANY)))
    with services.store.read() as transaction:
        assert sorted(one.person for one in transaction.tokens.all()) == [f"p-{n}" for n in range(MANY)]
        assert transaction.events.last(STREAM).seq == MANY  # type: ignore[union-attr]
        assert wrong_rows(transaction) == []


def test_every_failure_counts_also_those_at_once(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    bounds = {**passwords.limits(), "origin_failures": 2 * MANY}
    monkeypatch.setattr(counting, "limits", lambda: bounds)
    monkeypatch.setattr(sign_in, "limits", lambda: bounds)

    def fail() -> None:
        sign_in_with_token(services, "no token", origin="192.0.2.7")

    all_at_once(*[fail] * MANY)
    all_at_once(*[fail] * (MANY - 1))
    with services.store.read() as transaction:
        attempts = transaction.sign_in_attempts.of("from:192.0.2.7")
        assert [one.number for one in attempts] == [*range(1, 2 * MANY)]
        assert not any(one.locked_until for one in attempts)
    fail()
    with services.store.read() as transaction:
        last = transaction.sign_in_attempts.of("from:192.0.2.7")[-1]
        assert last.locked_until == NOW + timedelta(minutes=bounds["lock_minutes"])
        assert wrong_rows(transaction) == []


def test_daemons_that_show_themselves_at_once(store: Store) -> None:
    all_at_once(*(lambda n=n: record(store, f"host:{n}", "0.1.0", after(seconds=n)) for n in range(MANY)))
    with store.read() as transaction:
        assert [one.name for one in transaction.daemons.all()] == [f"host:{n}" for n in range(MANY)]


def test_delegations_made_at_once(services: Services) -> None:
    made: list[Delegation | list[object]] = []

    def act(number: int) -> None:
        who = (f"p-{number}", f"p-{number + MANY}")
        days = (date(2027, 4, 1), date(2027, 4, 9))
        made.append(add_delegation(services, Caller(who[0]), *who, *days, "年休假"))  # type: ignore[arg-type]

    all_at_once(*(lambda n=n: act(n) for n in range(MANY)))
    assert all(isinstance(one, Delegation) for one in made), made
    with services.store.read() as transaction:
        assert ids(transaction.delegations.all()) == [f"delegation-{n + 1}" for n in range(MANY)]
        assert sorted(one.principal for one in transaction.delegations.all()) == [
            f"p-{n}" for n in range(MANY)
        ]
        assert wrong_rows(transaction) == []


def test_of_two_delegations_that_exclude_each_other_one_is_refused(services: Services) -> None:
    made: list[object] = []
    days = (date(2027, 4, 1), date(2027, 4, 9))

    def act(one: str, other: str) -> None:
        made.append(add_delegation(services, Caller(one), one, other, *days, "年休假"))

    all_at_once(lambda: act("p-1", "p-2"), lambda: act("p-2", "p-3"))
    assert sorted(type(one).__name__ for one in made) == ["Delegation", "Refusal"]
