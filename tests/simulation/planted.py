"""Faults put into the store or the daemon on purpose: the simulation has to find each of them.

Each is what a plausible mistake of the product would do: it wraps the store of every program and breaks one promise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sim_world import LEASE


class _Other:
    """Something with some of its attributes replaced."""

    def __init__(self, inner: Any, **replaced: Any) -> None:
        self._inner, self._replaced = inner, replaced

    def __getattr__(self, name: str) -> Any:
        return self._replaced[name] if name in self._replaced else getattr(self._inner, name)


class Tampered:
    """A store whose transactions are changed by `change`."""

    def __init__(self, inner: Any, change: Callable[[Any], Any]) -> None:
        self._inner, self._change = inner, change

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Begin a transaction that is tampered with."""
        with self._inner.write() as transaction:
            yield self._change(transaction)

    def read(self) -> AbstractContextManager[Any]:
        """Begin a transaction that only reads."""
        read: AbstractContextManager[Any] = self._inner.read()
        return read

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name."""
        held: AbstractContextManager[bool] = self._inner.hold(name)
        return held

    def close(self) -> None:
        """Do nothing."""


def _each(times: int) -> Callable[[], bool]:
    """Return what is true once in so many calls."""
    called = [0]

    def now() -> bool:
        called[0] += 1
        return called[0] % times == 0

    return now


def _changing(**repositories: Callable[[Any], dict[str, Any]]) -> Callable[[Any], Any]:
    """Return a change of transactions: repository -> what it has instead."""

    def change(transaction: Any) -> Any:
        changed = {
            name: _Other(getattr(transaction, name), **make(getattr(transaction, name)))
            for name, make in repositories.items()
        }
        return _Other(transaction, **changed)

    return change


def lost_wake_up() -> Callable[[Any], Any]:
    """Now and then the timers of a step are not written."""
    fails = _each(9)

    def make(timers: Any) -> dict[str, Any]:
        return {
            "put": lambda rows: None if fails() else timers.put(rows),
            "replace": lambda keys, rows: timers.drop(keys) if fails() else timers.replace(keys, rows),
        }

    change = _changing(timers=make)
    return lambda store: Tampered(store, change)


def answered_before_it_was_kept() -> Callable[[Any], Any]:
    """Now and then a transaction says that it was kept and was not."""
    fails = _each(40)

    class Early(Tampered):
        @contextmanager
        def write(self) -> Iterator[Any]:
            class UndoneError(Exception):
                pass

            try:
                with self._inner.write() as transaction:
                    yield transaction
                    if fails():
                        raise UndoneError
            except UndoneError:
                pass

    return lambda store: Early(store, lambda transaction: transaction)


def marked_before_it_is_sent() -> Callable[[Any], Any]:
    """A message counts as sent when it is claimed: whoever dies with it loses it."""

    def make(outbox: Any) -> dict[str, Any]:
        def lease(ids: Any, until: Any, why: Any) -> None:
            outbox.lease(ids, until, why)
            outbox.sent(list(ids), until)

        return {"lease": lease}

    change = _changing(outbox=make)
    return lambda store: Tampered(store, change)


def answers_forgotten() -> Callable[[Any], Any]:
    """What a request was answered is not kept: asked again, it acts again."""

    def change(transaction: Any) -> Any:
        return _Other(transaction, record_request=lambda record: None)

    return lambda store: Tampered(store, change)


def nobodys_task() -> Callable[[Any], Any]:
    """Now and then the tasks of a case are not written."""
    fails = _each(15)

    def make(tasks: Any) -> dict[str, Any]:
        return {
            "put": lambda rows: None if fails() else tasks.put(rows),
            "replace": lambda cases, rows: tasks.drop(cases) if fails() else tasks.replace(cases, rows),
        }

    change = _changing(tasks=make)
    return lambda store: Tampered(store, change)


def nobody_is_told() -> Callable[[Any], Any]:
    """Now and then the messages of a step are not written."""
    fails = _each(6)

    def make(outbox: Any) -> dict[str, Any]:
        return {"put": lambda items: None if fails() else outbox.put(items)}

    change = _changing(outbox=make)
    return lambda store: Tampered(store, change)


def timers_stay() -> Callable[[Any], Any]:
    """Timers of what is over are not dropped."""
    change = _changing(
        timers=lambda timers: {"drop": lambda keys: None, "replace": lambda keys, others: timers.put(others)}
    )
    return lambda store: Tampered(store, change)


def old_reads() -> Callable[[Any], Any]:
    """A reader now and then gets a case as it was when its program last read it."""
    fails = _each(3)

    def make(store: Any) -> Any:
        kept: dict[str, Any] = {}

        class Old(Tampered):
            @contextmanager
            def read(self) -> Iterator[Any]:
                with self._inner.read() as transaction:
                    cases = transaction.cases

                    def get(case: str) -> Any:
                        found = cases.get(case)
                        old = kept.get(case) if fails() else None
                        kept[case] = found
                        return old or found

                    yield _Other(transaction, cases=_Other(cases, get=get))

        return Old(store, lambda transaction: transaction)

    return make


def time_of_the_machine() -> Callable[[Any], Any]:
    """Events carry the time of a machine that is an hour behind now and then, whatever stands before them."""
    fails = _each(25)

    def make(events: Any) -> dict[str, Any]:
        def append(rows: Any) -> None:
            if fails():
                rows = [_earlier(event) for event in rows]
            events.append(rows)

        return {"append": append}

    change = _changing(events=make)
    return lambda store: Tampered(store, change)


def _earlier(event: Any) -> Any:
    from engine.lifecycle.chain import follow

    at = event.at - timedelta(hours=1)
    return follow(event.stream, event.seq, at, event.actor, event.kind, event.body, event.previous)


@dataclass(frozen=True, slots=True)
class Plant:
    """A planted fault, and the minutes of a claim while it is there."""

    tamper: Callable[[], Callable[[Any], Any]]
    lease: int = LEASE


def nothing() -> Callable[[Any], Any]:
    """Change nothing."""
    return lambda store: store


PLANTED = {
    "a lost wake-up": Plant(lost_wake_up),
    "a commit acknowledged early": Plant(answered_before_it_was_kept),
    "a message marked before it is sent": Plant(marked_before_it_is_sent),
    "answers forgotten": Plant(answers_forgotten),
    "a case that is nobody's task": Plant(nobodys_task),
    "messages not written": Plant(nobody_is_told),
    "timers that stay": Plant(timers_stay),
    "old reads": Plant(old_reads),
    "the time of the machine": Plant(time_of_the_machine),
    "no lease at all": Plant(nothing, lease=-1),
}
