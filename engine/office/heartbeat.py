"""Which daemons live: each leaves its instant, by its own clock, so that clocks that differ are noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.lifecycle.instants import from_text, to_text
from engine.office.ports import Store, Unit

_PLACE = "daemon/"
#: Between two beats of one daemon.
EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of a daemon: `at` is what its clock said, in UTC."""

    name: str
    at: datetime
    version: str


def beat(store: Store, name: str, version: str, now: datetime) -> None:
    """Leave a sign."""
    with store.write() as unit:
        unit.settings.put(_PLACE + name, {"at": to_text(now), "version": version})


def beats(unit: Unit) -> list[Beat]:
    """Return the last sign of every daemon, by name."""
    return [
        Beat(name.removeprefix(_PLACE), from_text(body["at"]), str(body["version"]))
        for name in unit.settings.names(_PLACE)
        if (body := unit.settings.get(name))
    ]
