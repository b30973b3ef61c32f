"""Two commands at once: the second is begun after a chosen store call of the first, and goes on until it has to wait.

No wall clock decides. The first command stops at its call; the second runs in a thread of its own until it is done, or
until it waits for what the first one holds; then the first goes on.

* memory and SQLite let one write at a time (memory: read or write): the second waits where it begins such a transaction
  while the first is in one;
* on PostgreSQL it waits wherever the server makes it: the server is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from watched_store import WatchedStore

from engine.app.ports.store import Store

#: Runs a command over a store, as a process of its own would.
Act = Callable[[Store], object]


@dataclass
class Outcome:
    """What two commands that met have answered or raised, and how many store calls the first made."""

    answers: list[object] = field(default_factory=lambda: [None, None])
    calls: int = 0


class Meeting:
    """One schedule: `second` begins at the store call number `at` of `first`."""

    def __init__(
        self,
        stores: tuple[Store, Store],
        at: int,
        *,
        one_at_a_time: bool,
        readers_wait: bool = False,
        waits: Callable[[], bool] | None = None,
    ) -> None:
        self._stores, self._at = stores, at
        self._one_at_a_time, self._readers_wait, self._waits = one_at_a_time, readers_wait, waits
        self._inside: str | None = None
        self._changed = threading.Condition()
        self._done = self._held_up = False
        self._calls = 0
        self._thread: threading.Thread | None = None
        self._outcome = Outcome()

    def run(self, first: Act, second: Act) -> Outcome:
        """Run both to their ends. Raises what either raised."""
        self._second = second
        self._outcome.answers[0] = first(WatchedStore(self._stores[0], self._called, self._ended))
        if self._thread is None:
            self._begin_second(held=False)
        assert self._thread is not None
        self._thread.join()
        if isinstance(problem := self._outcome.answers[1], BaseException):
            raise problem
        self._outcome.calls = self._calls
        return self._outcome

    def _called(self, name: str) -> None:
        self._calls += 1
        if self._calls == self._at:
            self._begin_second(held=self._inside is not None)
        # Told before the call is made: from here on the first command is in its transaction, or out of it.
        if name in ("begin", "begin to read"):
            self._inside = name

    def _ended(self) -> None:
        self._inside = None

    def _begin_second(self, *, held: bool) -> None:
        self._held = held
        self._thread = threading.Thread(target=self._run_second)
        self._thread.start()
        with self._changed:
            while not (self._done or self._held_up):
                # On a server somebody has to look; elsewhere the second says so itself.
                self._changed.wait(0.002 if self._waits else None)
                if self._waits and not self._done and self._waits():
                    self._held_up = True

    def _run_second(self) -> None:
        try:
            self._outcome.answers[1] = self._second(WatchedStore(self._stores[1], self._second_called))
        except BaseException as problem:  # noqa: BLE001 - raised again where the threads have met
            self._outcome.answers[1] = problem
        with self._changed:
            self._done = True
            self._changed.notify_all()

    def _second_called(self, name: str) -> None:
        if not (self._one_at_a_time and self._held):
            return
        wants = ("begin", "begin to read") if self._readers_wait else ("begin",)
        holds = self._readers_wait or self._inside == "begin"
        if name in wants and holds:
            with self._changed:
                self._held_up = True
                self._changed.notify_all()


def plain(act: Act, store: Any, called: Callable[[str], None] = lambda _: None) -> object:
    """Run a command alone; `called` is given the name of each store call."""
    return act(WatchedStore(store, called))
