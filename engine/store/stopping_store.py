"""A store that begins nothing more once the process is to stop.

Long work (a sweep, the audit of a night) is many transactions. Between two of them it can be left as after a crash: what is
committed stays, the rest is done at the next start. So a stop waits for one transaction, not for the whole of the work.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from engine.app.ports.store import Store, Transaction, UnavailableError


class StoppingError(UnavailableError):
    """The process is to stop; nothing new is begun. It says nothing about the work: that is done at the next start."""


class StoppingStore:
    """Hands everything on to `store` until `stopping` is true; from then on `StoppingError` is raised."""

    def __init__(self, store: Store, stopping: Callable[[], bool]) -> None:
        self._store = store
        self._stopping = stopping

    def check(self) -> None:
        """Raise `StoppingError` where the process is to stop: for work that begins no transaction for long."""
        if self._stopping():
            raise StoppingError

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that may write. Raises `StoppingError`."""
        self.check()
        return self._store.write()

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that only reads. Raises `StoppingError`."""
        self.check()
        return self._store.read()

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name, as the store behind does. Raises `StoppingError`."""
        self.check()
        return self._store.hold(name)

    def close(self) -> None:
        """Close the store behind."""
        self._store.close()
