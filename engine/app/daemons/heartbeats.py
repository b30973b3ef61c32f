"""Which daemons live: each leaves its instant, by its own clock, so that clocks that differ are noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.app.ports.store import Store, Transaction
from engine.kernel.instants import from_text, to_text

_PLACE = "daemon/"
#: Signs older than this are of daemons that were killed and never came back under the same name.
FORGOTTEN = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The last sign of a daemon: `at` is what its clock said, in UTC."""

    name: str
    at: datetime
    version: str
    #: It does what one daemon does for all: nightly checks, seals, site, digests.
    leads: bool = False
    #: How far its clock was ahead of the database's; None where the database has no clock of its own.
    ahead: timedelta | None = None
    #: It ended in order.
    left: bool = False


def record(
    store: Store,
    name: str,
    version: str,
    now: datetime,
    *,
    leads: bool = False,
    ahead: timedelta | None = None,
) -> None:
    """Leave a sign, and take away those of daemons long gone."""
    body: dict[str, object] = {"at": to_text(now), "version": version, "leads": leads}
    if ahead is not None:
        body["ahead_ms"] = ahead // timedelta(milliseconds=1)
    with store.write() as transaction:
        transaction.settings.put(_PLACE + name, body)
        for one in heartbeats(transaction):
            if now - one.at > FORGOTTEN:
                transaction.settings.drop(_PLACE + one.name)


def deregister(store: Store, name: str) -> None:
    """Note that a daemon has ended in order. Its last sign stays: it tells for how long none has run."""
    with store.write() as transaction:
        body = transaction.settings.get(_PLACE + name)
        if body:
            transaction.settings.put(_PLACE + name, {**body, "left": True, "leads": False})


def heartbeats(transaction: Transaction) -> list[Heartbeat]:
    """Return the last sign of every daemon, by name."""
    return [
        _beat(name.removeprefix(_PLACE), body)
        for name in transaction.settings.names(_PLACE)
        if (body := transaction.settings.get(name))
    ]


def alive(transaction: Transaction, now: datetime, silent: timedelta) -> list[Heartbeat]:
    """Return the signs of those that have not ended and gave one within `silent`, by name."""
    return [one for one in heartbeats(transaction) if not one.left and now - one.at <= silent]


def clock_skew(known: list[Heartbeat]) -> tuple[Heartbeat, Heartbeat, timedelta] | None:
    """Return the daemon furthest ahead, the one furthest behind and what lies between; None without two to compare."""
    told = [(one.ahead, one.name, one) for one in known if one.ahead is not None]
    if len(told) < 2:
        return None
    first, last = max(told), min(told)
    return first[2], last[2], first[0] - last[0]


def _beat(name: str, body: dict[str, object]) -> Heartbeat:
    ahead = body.get("ahead_ms")
    return Heartbeat(
        name,
        from_text(str(body["at"])),
        str(body["version"]),
        bool(body.get("leads")),
        timedelta(milliseconds=ahead) if isinstance(ahead, int) else None,
        bool(body.get("left")),
    )
