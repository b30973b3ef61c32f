"""The progress of the demonstration: kept in the store with its data, so that it can be continued."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.app.queries import Clock, Store, Transaction
from engine.kernel.instants import from_text, to_text

#: The name of the setting.
SETTING = "demo"


@dataclass(slots=True)
class Checkpoint:
    """A day of the simulated year, and how far it has gone."""

    day: date
    #: The number of the part of the day that is under way (see `engine.demo.year`).
    part: int = 0
    #: Steps people have taken so far.
    steps: int = 0


def saved_checkpoint(transaction: Transaction) -> tuple[Checkpoint, datetime] | None:
    """Return the place kept in the store and what the clock showed there, if a demonstration was begun."""
    found: Mapping[str, Any] | None = transaction.settings.get(SETTING)
    if found is None:
        return None
    place = Checkpoint(date.fromisoformat(found["day"]), found["part"], found["steps"])
    return place, from_text(found["now"])


class CheckpointStore:
    """A store that notes the place in every transaction that writes.

    Whatever was done and the place at which it was done are kept together or not at all: after a crash nothing is
    left out and nothing done again.
    """

    def __init__(self, store: Store, place: Checkpoint, clock: Clock) -> None:
        self._store = store
        self._place = place
        self._clock = clock

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Begin a transaction that may write; the place is written at its end."""
        with self._store.write() as transaction:
            yield transaction
            place = self._place
            transaction.settings.put(
                SETTING,
                {
                    "day": place.day.isoformat(),
                    "part": place.part,
                    "steps": place.steps,
                    "now": to_text(self._clock.now()),
                },
            )

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name in the store."""
        return self._store.hold(name)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Begin a transaction that only reads."""
        with self._store.read() as transaction:
            yield transaction

    def close(self) -> None:
        """Let go of connections."""
        self._store.close()
