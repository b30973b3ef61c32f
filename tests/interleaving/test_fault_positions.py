"""Every fault position: the store fails at the n-th call, for every n, of every command.

A call is one of a transaction, its begin, its commit, and what comes back once it is kept. A fault at a call is

* ``error``: it is not done, and fails. What was done before it is there or not as the transaction says; the fault before
  call n + 1 is that after call n. At ``committed`` the connection is gone after the commit: all is kept, and nobody hears it.
* ``hang``: it takes two hours, longer than every lease, and is done then.

Whatever was acknowledged is there. What was refused or failed before its commit is not. What became of the rest is found by
asking again: with the same request id a command acts once and answers the same; what has no request id acts at most once more.
In `make test` each command meets the faults about its commits, and a few others in turn; all of them with ``--soak``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from firm_scenarios import FIRM_PAGE
from further_scenarios import MORE
from house import answer_of, contents
from houses import LONG, NOT_REPEATED, PUBLISHING, House, fresh
from scenarios import DAEMON, REQUEST, SCENARIOS, Scenario
from watched_store import WatchedStore

import engine.app.commands
from engine.app.audit.verify_deployment import verify
from engine.app.commands.application import Application
from engine.app.ports.store import Store
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.store.problem import StoreUnavailableError

#: What a daemon sends, another one sends again when the lease is over: tests/app/delivery holds that.
SWEEPS = {name: found for name, found in DAEMON.items() if name != "deliver"}
ALL: dict[str, Scenario] = {**SCENARIOS, **SWEEPS, **MORE, **FIRM_PAGE}
#: What a command answers that failed.
FAILED = object()
#: Long work in transactions of its own: what is left of it is done when it is asked again, and the entry counts that.
RESUMED = {"migrate"}
#: So much of an answer is compared: what it is. Ids may be made at random.
AS_LONG = len('["done", "list", ')
#: A setting that says what is to be finished when the deployment is opened next (`tests/app/commands/test_calendar_faults.py`).
PENDING = "calendar/pending"
ERROR, HANG = "error", "hang"
#: What is prepared by publishing other definitions.
PREPARED_BY_PUBLISHING = {"migrate", "save_draft", "discard_draft"}
#: What no request id is sent with: it is a daemon's, or proves who somebody is, or says another secret each time.
WITHOUT_ID = frozenset({*SWEEPS, *NOT_REPEATED})
#: Commands whose fault positions are walked elsewhere, and where: they need a draw that was held.
ELSEWHERE = {
    "file_minutes": "tests/app/draws/test_interleaving_of_draws.py",
    "import_anchor": "tests/app/draws/test_interleaving_of_draws.py",
    "take_auditor_kit": "tests/app/draws/v2/test_kits.py",
}
#: Of the calls that are neither a commit nor next to one, each so-many-th is tried in every run.
EVERY = {"memory": 9, "sqlite": 40, "postgres": 60}


@dataclass
class Faulty:
    """Lets the call number `at` go wrong; counts and names the calls."""

    at: int
    kind: str
    clock: VirtualClock
    calls: list[str] = field(default_factory=list)

    def __call__(self, name: str) -> None:
        """Count a call, and let it fail or take long where it is the one."""
        self.calls.append(name)
        if len(self.calls) == self.at:
            if self.kind == HANG:
                self.clock.advance(timedelta(hours=2))
            else:
                raise StoreUnavailableError(say("数据库暂不可用"))

    @property
    def reached(self) -> bool:
        """Tell whether the call was made."""
        return len(self.calls) >= self.at

    @property
    def kept(self) -> bool:
        """Tell whether a transaction that writes was kept before the fault."""
        return "committed" in self.calls[: self.at]


class Walk:
    """All fault positions of one command on one kind of store."""

    def __init__(self, house: House, name: str) -> None:
        self.house, self.name, self.scenario = house, name, ALL[name]
        house.publishes = name in PUBLISHING or name in FIRM_PAGE or name in PREPARED_BY_PUBLISHING
        self.positions = 0

    def _before(self, store: Store) -> None:
        REQUEST.clear()
        self.scenario.before(self.house.application(store, 2), self.house.folder)
        if self.name not in WITHOUT_ID:
            REQUEST.append("r-1")

    def _act(self, store: Any, clock: VirtualClock | None = None) -> object:
        application = self.house.application(store, 0)
        if clock is not None:
            application.clock = clock
        return self.scenario.act(application, 0, self.house.folder)

    def _asked(self, store: Store) -> tuple[Any, str]:
        """Return what is there, and what the command answers that is sent now."""
        answer = answer_of(self._act(store))
        return self._seen(store), answer

    def _seen(self, store: Store) -> Any:
        with store.read() as transaction:
            found = contents(transaction)
        found["settings"].pop(PENDING, None)
        # Each begin of work that is long is entered, and each that failed.
        tries = ('["begun"', '["failed"')
        office = found["histories"]["office"]
        found["histories"]["office"] = [entry for entry in office if not entry.startswith(tries)]
        # Ids of sessions are made at random.
        entries = [json.loads(entry) for entry in found["histories"]["sign-in"]]
        found["histories"]["sign-in"] = [[kind, who, sorted(body)] for kind, who, body in entries]
        return found

    def alone(self) -> tuple[list[str], Any, Any, str, Any]:
        """Return the calls of the command, what was there before, after it, its answer, and after it was sent again."""
        with fresh(self.house, self._before, (self.name, "faults")) as (store, _):
            before = self._seen(store)
            counted = Faulty(0, ERROR, VirtualClock(self.house.application(store, 0).clock.now()))
            answer = answer_of(self._act(WatchedStore(store, counted)))
            after = self._seen(store)
            again, _ = self._asked(store)
        return counted.calls, before, after, answer, again

    def run(self, positions: Callable[[list[str]], Iterator[tuple[int, str]]]) -> int:
        """Try the positions; returns how many."""
        # Once to fill what is kept between commands.
        self.alone()
        calls, before, after, answer, again = self.alone()
        for at, kind in positions(calls):
            self.positions += 1
            where = f"{self.name}: {kind} at call {at} ({calls[at - 1]})"
            with fresh(self.house, self._before, (self.name, "faults")) as (store, _):
                clock = VirtualClock(self.house.application(store, 0).clock.now())
                fault = Faulty(at, kind, clock)
                acknowledged = self._tried(WatchedStore(store, fault), clock)
                assert fault.reached, where
                seen = self._seen(store)
                if acknowledged is FAILED:
                    # Failed: nothing of it is there unless something was kept before.
                    assert fault.kept or seen == before, where
                elif kind == ERROR:
                    # It went round the fault, or was refused because of it.
                    assert seen in (after, before) or self.name in LONG, where
                self._find_out(store, where, kind, acknowledged, (before, after, answer, again))
                with store.read() as transaction:
                    assert [str(finding) for finding in verify(transaction)] == [], where
        return self.positions

    def _tried(self, store: Any, clock: VirtualClock) -> object:
        try:
            return self._act(store, clock)
        except StoreUnavailableError:
            return FAILED

    def _find_out(
        self, store: Store, where: str, kind: str, acknowledged: object, alone: tuple[Any, Any, str, Any]
    ) -> None:
        """Ask again, and hold what is there then against the command done once."""
        _, after, answer, again = alone
        seen = self._seen(store)
        found, said = self._asked(store)
        if acknowledged is not FAILED and kind == HANG:
            # Instants are others; what was acknowledged is there and stays as it is.
            if self.name not in WITHOUT_ID and not isinstance(acknowledged, Refusal):
                assert self.name in LONG or found == seen, where
                assert said[:AS_LONG] == answer[:AS_LONG], where
            return
        if self.name in LONG:
            assert said == answer or "under-way" in said or "already" in said, (where, said)
            return
        if self.name in WITHOUT_ID:
            # Done once, or once more.
            assert found in (after, again), where
            return
        if self.name in RESUMED:
            found, after = _without_office(found), _without_office(after)
        assert found == after, (where, _different(found, after))
        assert said[:AS_LONG] == answer[:AS_LONG], where


def _without_office(seen: Any) -> Any:
    return {**seen, "histories": {k: v for k, v in seen["histories"].items() if k != "office"}}


def _different(seen: Any, wanted: Any) -> list[str]:
    """Return what differs between two contents."""
    out = [
        f"{key}: {seen[key]} != {wanted[key]}"
        for key in wanted
        if seen[key] != wanted[key] and key != "histories"
    ]
    for name, entries in wanted["histories"].items():
        if seen["histories"].get(name) != entries:
            out.append(f"{name}: {seen['histories'].get(name)} != {entries}")
    return out


def every_position(calls: list[str]) -> Iterator[tuple[int, str]]:
    """Yield all positions."""
    for at in range(1, len(calls) + 1):
        yield at, ERROR
        yield at, HANG


def some_positions(every: int, turn: int) -> Callable[[list[str]], Iterator[tuple[int, str]]]:
    """Return what yields the positions about the commits, and each so-many-th of the others, beginning in turn."""

    def chosen(calls: list[str]) -> Iterator[tuple[int, str]]:
        for at, kind in every_position(calls):
            about = calls[at - 1] in ("commit", "committed")
            if (about and kind == ERROR) or (2 * at + (kind == HANG) + turn) % every == 0:
                yield at, kind

    return chosen


@pytest.fixture(autouse=True)
def no_request() -> Iterator[None]:
    yield
    REQUEST.clear()


@pytest.fixture(scope="module")
def tried() -> Iterator[dict[str, int]]:
    """Return how many positions were tried, by the kind of store; printed at the end."""
    counts: dict[str, int] = {}
    yield counts
    for kind, count in sorted(counts.items()):
        print(f"\nfault positions tried on {kind}: {count}")


#: What a database adds is seen in few commands; all of them are tried on it with ``--soak``.
OFTEN = {
    "memory": list(ALL),
    "sqlite": ["Application.advance", "Application.start", "import_register", "publish", "sweep"],
    "postgres": ["Application.advance", "publish"],
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test of commands those of its kind of store."""
    kind = metafunc.function.__name__.removeprefix("test_on_").removeprefix("test_in_")
    if kind in OFTEN:
        names = list(ALL) if metafunc.config.getoption("--soak") else OFTEN[kind]
        metafunc.parametrize("name", names)


def walk(house: House, kind: str, name: str, tried: dict[str, int], *, soak: bool) -> None:
    positions = every_position if soak else some_positions(EVERY[kind], list(ALL).index(name))
    tried[kind] = tried.get(kind, 0) + Walk(house, name).run(positions)


def test_in_memory(name: str, in_memory: House, tried: dict[str, int], soak: bool) -> None:
    walk(in_memory, "memory", name, tried, soak=soak)


def test_on_sqlite(name: str, on_sqlite: House, tried: dict[str, int], soak: bool) -> None:
    walk(on_sqlite, "sqlite", name, tried, soak=soak)


def test_on_postgres(name: str, on_postgres: House, tried: dict[str, int], soak: bool) -> None:
    walk(on_postgres, "postgres", name, tried, soak=soak)


def test_every_command_is_walked() -> None:
    """A function in `engine.app.commands` that asks the access table and is not known here fails."""
    named = {part for name in ALL for part in (name, name.rpartition(".")[2])} | set(ELSEWHERE)
    missing = []
    for found in pkgutil.walk_packages(engine.app.commands.__path__, f"{engine.app.commands.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and hasattr(function, "use_case") and name not in named:
                missing.append(f"{found.name}.{name}")
    assert missing == []
    for place in set(ELSEWHERE.values()):
        assert (Path(__file__).parents[2] / place).is_file()


def test_a_command_that_forgets_what_it_was_sent_is_found(in_memory: House, monkeypatch: Any) -> None:
    """The walk can fail: a command in two transactions, the first of which is kept when the second fails."""

    def label(application: Application, number: int, folder: Path) -> object:
        for text in ("甲", "乙"):
            with application.store.write() as transaction:
                transaction.settings.put(text, {"n": 1})
        return True

    monkeypatch.setitem(ALL, "in two", Scenario(label, frozenset()))
    monkeypatch.setitem(ALL, "told early", Scenario(_told_early, frozenset()))
    with pytest.raises(AssertionError, match="told early"):
        Walk(in_memory, "told early").run(every_position)
    assert Walk(in_memory, "in two").run(every_position) > 0


def _told_early(application: Application, number: int, folder: Path) -> object:
    """Acknowledge what could not be committed."""
    try:
        with application.store.write() as transaction:
            transaction.settings.put("甲", {"n": number})
            transaction.settings.put("乙", {"n": number})
    except StoreUnavailableError:
        with application.store.write() as transaction:
            transaction.settings.put("乙", {"n": number})
    return True
