"""A store that says what is asked of it, before it does it: to let a call fail, to let another command run, to count.

`watch` is called with the name of each call: ``begin``, ``events.last``, …, ``commit``, and ``committed`` once the
transaction is kept. What it raises is raised by the call; raised at ``commit`` nothing of the transaction is kept.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from engine.app.ports.store import Store

Watch = Callable[[str], None]

#: What of a transaction is no repository.
_PLAIN = ("touched", "work", "connection")


class _WatchedRepository:
    def __init__(self, inner: Any, name: str, watch: Watch) -> None:
        self._inner, self._name, self._watch = inner, name, watch

    def __getattr__(self, called: str) -> Any:
        found = getattr(self._inner, called)
        if not callable(found):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self._watch(f"{self._name}.{called}")
            return found(*args, **kwargs)

        return call


class _WatchedTransaction:
    def __init__(self, inner: Any, watch: Watch) -> None:
        self._inner, self._watch = inner, watch

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in _PLAIN:
            return found
        if inspect.ismethod(found):

            def call(*args: Any, **kwargs: Any) -> Any:
                self._watch(name)
                return found(*args, **kwargs)

            return call
        return _WatchedRepository(found, name, self._watch)


class WatchedStore:
    """`engine.app.ports.store.Store` around another one. `ended` is called after every transaction, kept or not."""

    def __init__(self, inner: Store, watch: Watch, ended: Callable[[], None] = lambda: None) -> None:
        self.inner, self._watch, self._ended = inner, watch, ended

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Begin a transaction that may write."""
        self._watch("begin")
        try:
            with self.inner.write() as transaction:
                yield _WatchedTransaction(transaction, self._watch)
                self._watch("commit")
        finally:
            self._ended()
        self._watch("committed")

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name; no call of a transaction."""
        return self.inner.hold(name)

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Begin a transaction that only reads."""
        self._watch("begin to read")
        try:
            with self.inner.read() as transaction:
                yield _WatchedTransaction(transaction, self._watch)
        finally:
            self._ended()

    def close(self) -> None:
        """Do nothing: the store is somebody else's."""


class Fault:
    """Lets the call number `first` fail, and the calls after it up to number `last`."""

    def __init__(self, error: Callable[[], BaseException], first: int, last: int | None = None) -> None:
        self._error, self._first, self._last = error, first, first if last is None else last
        self.calls: list[str] = []

    def __call__(self, name: str) -> None:
        """Count a call, and raise where it is one of those that fail."""
        self.calls.append(name)
        if self._first <= len(self.calls) <= self._last:
            raise self._error()

    @property
    def reached(self) -> bool:
        """Tell whether a call has failed."""
        return len(self.calls) >= self._first
