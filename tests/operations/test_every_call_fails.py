"""Restore and move with their n-th call of the system, the database or the clock refused: nothing half done, and again it completes."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from killed_at import CALLS

from engine.app.commands import Caller
from engine.deployment.clocks import SystemClock
from engine.deployment.home import SETTINGS, find_home
from engine.deployment.open import open_deployment_store
from engine.files.journal import is_begun
from engine.language import say
from engine.operations.backup import BackupError
from engine.operations.move_database import Moved, MoveError, move_store
from engine.operations.restore import Restored, deployment_at, restore
from engine.operations.unfinished import settle
from engine.store.problem import StoreUnavailableError
from engine.store.revision import MOVED
from engine.store.sql import copy
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.transaction import SqlTransaction

AS = Caller("leading")
#: What somebody is told by a sentence (`run_and_exit`).
TOLD = (BackupError, MoveError, StoreUnavailableError, OSError)
#: Calls of the short run: the first ones, the last ones, and some between.
TRIED = 6


class Calls:
    """Counts calls of the system, the database and the clock; the one with the number `fails` is refused."""

    def __init__(self, fails: int) -> None:
        self.fails = fails
        self.count = 0

    def met(self, refuse: Callable[[], BaseException]) -> None:
        self.count += 1
        if self.count == self.fails:
            raise refuse()

    def now(self) -> datetime:
        """Be a clock."""
        self.met(full)
        return SystemClock().now()


def full() -> BaseException:
    return OSError(28, "No space left on device")


def locked() -> BaseException:
    return StoreUnavailableError(say("数据库 {where} 正被其他程序占用，等候超时；请稍后重试", where="x"))


STORE: tuple[tuple[Any, str], ...] = (
    *((DriverConnection, name) for name in ("run", "run_many", "first")),
    (SqlTransaction, "__init__"),
    *((copy, name) for name in ("hold", "copy", "sums", "note_copy", "in_use", "shut")),
)


@contextmanager
def watched(fails: int) -> Iterator[Calls]:
    """Let the call `fails` (0: none) be refused, of all that are made meanwhile."""
    calls = Calls(fails)
    undo: list[tuple[Any, str, Any]] = []

    def watch(place: Any, name: str, refuse: Callable[[], BaseException]) -> None:
        original = getattr(place, name)
        undo.append((place, name, original))

        def call(*args: Any, **kwargs: Any) -> Any:
            calls.met(refuse)
            return original(*args, **kwargs)

        setattr(place, name, call)

    for name in CALLS:
        watch(os, name, full)
    for place, name in STORE:
        watch(place, name, locked)
    try:
        yield calls
    finally:
        for place, name, original in undo:
            setattr(place, name, original)


def told(work: Callable[[], object]) -> None:
    """Do something; where it is refused, a sentence says so."""
    try:
        work()
    except TOLD as problem:
        said = str(getattr(problem, "message", problem))
    else:
        said = "done"
    assert said


def numbers(most: int, soak: bool) -> list[int]:
    """Return which calls are refused: all, or in the short run some of them, the last ones among these."""
    if soak:
        return list(range(1, most + 1))
    return sorted({*range(1, most + 1, max(1, most // TRIED)), *range(max(1, most - 2), most + 1)})


def kinds(home: Path) -> list[str]:
    """Return the kinds of all entries of a deployment, which must be sound."""
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return [e.kind for stream in transaction.events.streams() for e in transaction.events.of(stream)]
    finally:
        store.close()


def whole(place: Path, names: set[str]) -> None:
    """Hold that nothing of a change is left beside `names`."""
    assert {path.name for path in place.iterdir() if ".before-" not in path.name} == names


def test_a_restore(small: tuple[Path, Path], tmp_path: Path, soak: bool) -> None:
    def run(number: int) -> int:
        place = tmp_path / f"n{number}"
        place.mkdir()
        bureau = place / "bureau"
        shutil.copytree(small[0], bureau)
        with watched(number) as calls:
            told(lambda: restore(small[1], bureau, calls, deployment_at(bureau)))
        list(settle(bureau))
        assert not is_begun(bureau)
        assert (bureau / SETTINGS).stat().st_mode & 0o777 == 0o600
        assert kinds(bureau).count("restored") == (not (bureau / "since.txt").exists())
        whole(place, {"bureau"})
        assert isinstance(restore(small[1], bureau, SystemClock(), deployment_at(bureau)), Restored)
        shutil.rmtree(place)
        return calls.count

    most = run(0)
    assert most > 50
    for number in numbers(most, soak):
        run(number)


def test_a_move(small: tuple[Path, Path], tmp_path: Path, soak: bool) -> None:
    def run(number: int) -> int:
        bureau = tmp_path / f"n{number}"
        shutil.copytree(small[0], bureau)
        home = find_home(str(bureau))
        with watched(number) as calls:
            told(lambda: move_store(home, AS, "data/new.db", calls))
        list(settle(bureau))
        assert not is_begun(bureau)
        now = find_home(str(bureau))
        moved = now.database.endswith("new.db")
        # Exactly one of the two can be written, and it holds everything.
        assert kinds(bureau)
        with closing(sqlite3.connect(bureau / "data" / "ssj.db")) as old:
            assert (old.execute("SELECT version_num FROM alembic_version").fetchone()[0] == MOVED) == moved
        if not moved:
            assert isinstance(move_store(now, AS, "data/new.db", SystemClock(), replace=True), Moved)
        shutil.rmtree(bureau)
        return calls.count

    most = run(0)
    assert most > 50
    for number in numbers(most, soak):
        run(number)


def test_a_call_that_is_refused_is_seen(tmp_path: Path) -> None:
    with watched(1), pytest.raises(OSError, match="space"):
        (tmp_path / "a").mkdir()
    (tmp_path / "a").mkdir()
