"""Which rows each scenario reads and writes: noted from the calls it makes of the store while it runs alone.

Two scenarios meet where one writes what the other reads or writes. Nobody has to say so: a command that reads another
row tomorrow meets whoever writes it from then on.
"""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from house import RefusedError
from houses import InMemory, fresh
from scenarios import Scenario

from engine.app.ports.store import Store
from engine.kernel.refusal import Refusal

#: A repository and a key of it: a history, a register, a case, a name. "" is all of it.
Place = tuple[str, str]
#: The repositories that are asked by the key under which they are written. What is read of another is taken for all of it.
BY_KEY = {"events", "registers", "cases", "settings"}
#: Of what is put, the first of these is its key.
_KEYS: Mapping[str, tuple[str, ...]] = {"events": ("stream",), "registers": ("kind",), "cases": ("id",)}


@dataclass(slots=True)
class Touched:
    """What was read and written."""

    reads: set[Place] = field(default_factory=set)
    writes: set[Place] = field(default_factory=set)

    def meets(self, other: Touched) -> bool:
        """Tell whether one writes what the other reads or writes."""
        return _common(self.writes, other.reads | other.writes) or _common(other.writes, self.reads)


def _common(some: set[Place], others: set[Place]) -> bool:
    whole = {repository for repository, key in others if not key}
    named = {repository for repository, _ in others}
    return not some.isdisjoint(others) or any(
        repository in whole or (not key and repository in named) for repository, key in some
    )


def keys_of(repository: str, arguments: tuple[Any, ...], *, written: bool) -> set[str]:
    """Return the keys a call names, {""} where it names none."""
    if not arguments or not (written or repository in BY_KEY):
        return {""}
    first = arguments[0]
    several = isinstance(first, Iterable) and not isinstance(first, str | Mapping) and not _is_key(first)
    return {_key_of(repository, one) for one in first} if several else {_key_of(repository, first)}


def _is_key(found: Any) -> bool:
    return isinstance(found, tuple) and bool(found) and isinstance(found[0], str)


def _key_of(repository: str, found: Any) -> str:
    if isinstance(found, str):
        return found
    if _is_key(found):
        return str(found[0])
    for name in _KEYS.get(repository, ("case", "id")):
        if isinstance(key := getattr(found, name, None), str):
            return key
    return ""


class _NotedRepository:
    def __init__(self, inner: Any, name: str, called: Callable[[str, tuple[Any, ...], Any], Any]) -> None:
        self._inner, self._name, self._called = inner, name, called

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if not callable(found):
            return found
        return lambda *args, **kwargs: self._called(self._name, args, lambda: found(*args, **kwargs))


class _NotedTransaction:
    def __init__(self, inner: Any, touched: Touched) -> None:
        self._inner, self._touched = inner, touched
        self._log = inner.events._undo_log

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if isinstance(found, bool | int) or inspect.ismethod(found):
            return found
        return _NotedRepository(found, name, self._call)

    def _call(self, repository: str, arguments: tuple[Any, ...], call: Callable[[], Any]) -> Any:
        # What is gone through once is gone through by the call.
        kept = tuple([*one] if isinstance(one, Iterator) else one for one in arguments)
        if kept != arguments:
            raise AssertionError("an iterator is handed to a store")
        before = self._log.mark
        answer = call()
        written = self._log.mark > before
        into = self._touched.writes if written else self._touched.reads
        into |= {(repository, key) for key in keys_of(repository, arguments, written=written)}
        return answer


class NotedStore:
    """A memory store that notes in `touched` what its transactions are asked."""

    def __init__(self, inner: Any, touched: Touched) -> None:
        self._inner, self._touched = inner, touched
        self.hold = inner.hold

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Begin a transaction that may write."""
        with self._inner.write() as transaction:
            yield _NotedTransaction(transaction, self._touched)

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Begin a transaction that only reads."""
        with self._inner.read() as transaction:
            yield _NotedTransaction(transaction, self._touched)

    def close(self) -> None:
        """Do nothing."""


@contextmanager
def eased() -> Iterator[None]:
    """Make passwords cheap to check, and let every file go: what is tried is the order of store calls."""
    from argon2 import PasswordHasher

    from engine.app.commands.papers import retention
    from engine.app.sign_in import passwords

    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", lambda: cheap)
        # Which day the time of a file is over is held elsewhere.
        patched.setattr(retention, "in_the_way", lambda *_: None)
        passwords.nobodys_hash.cache_clear()
        yield
    passwords.nobodys_hash.cache_clear()


def touched_by(scenarios: Mapping[str, Scenario]) -> dict[str, Touched]:
    """Return what each scenario touches, as the first of two and as the second."""
    found = {}
    with tempfile.TemporaryDirectory() as folder, eased():
        house = InMemory(Path(folder) / "touched")
        # Definitions are read anew: what is known already is not asked of the store.
        house.publishes = True
        for name, scenario in scenarios.items():
            found[name] = touched = Touched()
            with fresh(house, _preparation(house, scenario), (name, "touched")) as (store, _):
                noted: Any = NotedStore(store, touched)
                for number in (0, 1):
                    answer = scenario.act(house.application(noted, number), number, house.folder)
                    assert number or isinstance(answer, Refusal) or touched.reads, name
    return found


def _preparation(house: InMemory, scenario: Scenario) -> Callable[[Store], None]:
    def before(store: Store) -> None:
        with suppress(RefusedError):
            scenario.before(house.application(store, 2), house.folder)

    return before
