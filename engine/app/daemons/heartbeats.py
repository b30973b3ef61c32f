"""Which daemons are running: each records a heartbeat by its own clock, so that clocks that differ are noticed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from engine.app.ports.records import Heartbeat
from engine.app.ports.store import Store, Transaction

#: Heartbeats older than this are of daemons that were killed and never came back under the same name.
FORGOTTEN = timedelta(days=2)


def record(
    store: Store,
    name: str,
    version: str,
    now: datetime,
    *,
    leads: bool = False,
    ahead: timedelta | None = None,
) -> None:
    """Store a heartbeat, and remove those of daemons long gone."""
    with store.write() as transaction:
        transaction.daemons.put(Heartbeat(name, now, version, leads, ahead))
        transaction.daemons.drop_before(now - FORGOTTEN)


def deregister(store: Store, name: str) -> None:
    """Note that a daemon has ended in order. Its last heartbeat stays: it tells for how long none has run."""
    with store.write() as transaction:
        known = transaction.daemons.get(name)
        if known is not None:
            transaction.daemons.put(replace(known, left=True, leads=False))


def heartbeats(transaction: Transaction) -> list[Heartbeat]:
    """Return the last heartbeat of every daemon, by name."""
    return transaction.daemons.all()


def alive(transaction: Transaction, now: datetime, silent: timedelta) -> list[Heartbeat]:
    """Return the heartbeats of daemons that have not ended and gave one within `silent`, by name."""
    return [one for one in heartbeats(transaction) if one.alive(now, silent)]


def clock_skew(known: list[Heartbeat]) -> tuple[Heartbeat, Heartbeat, timedelta] | None:
    """Return the daemon furthest ahead, the one furthest behind and the difference; None without two to compare."""
    measured = [(one.ahead, one.name, one) for one in known if one.ahead is not None]
    if len(measured) < 2:
        return None
    first, last = max(measured), min(measured)
    return first[2], last[2], first[0] - last[0]
