"""What a night does of the audit reads what was written since the night before, however much there was before."""

from __future__ import annotations

import sqlite3
import sqlite3.dbapi2
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over
from heads_fixtures import Keys

from engine.app.audit.daily_check import check_tonight, note_verified
from engine.app.audit.seals import seal
from engine.app.audit.signed_heads.keeping import keep_head_of_today
from engine.app.commands.application import Application, CommandResult, NewCase
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.sql import open_store
from engine.store.sql.prepared import Rows

FEW, MANY = 1_000, 10_000
BEGAN = datetime(2020, 1, 1, tzinfo=UTC)


def old_history(number: int) -> list[Event]:
    made: list[Event] = []
    for seq in range(1, 11):
        previous = made[-1].hash if made else GENESIS
        at = BEGAN + timedelta(minutes=number + seq)
        made.append(follow(f"old-{number}", seq, at, "lena", "noted", {"n": number}, previous))
    return made


def a_night(services: Application, keys: Keys) -> None:
    """Check, seal, sign, as the daemon does."""
    found = check_tonight(services.store, services.clock.now(), services.definitions.time.zone, 1000)
    assert found.findings == ()
    assert seal(services) is not None
    assert keep_head_of_today(services, keys) is not None
    note_verified(services.store, services.clock.now(), whole=found.whole)


class Counter:
    """Statements SQLite is given, and rows fetched, while `counting`."""

    def __init__(self, patched: pytest.MonkeyPatch) -> None:
        self.counting, self.statements, self.rows = False, 0, 0
        connect, each, first = sqlite3.dbapi2.connect, Rows.__iter__, Rows.first

        def connected(*args: Any, **kwargs: Any) -> sqlite3.Connection:
            made: sqlite3.Connection = connect(*args, **kwargs)
            made.set_trace_callback(self.saw)
            return made

        def iterated(rows: Rows) -> Iterator[Any]:
            found = list(each(rows))
            self.rows += self.counting * len(found)
            return iter(found)

        def fetched(rows: Rows) -> Any:
            self.rows += self.counting
            return first(rows)

        # A file is opened by its driver, and by SQLAlchemy where the engine is asked for.
        for module in (sqlite3, sqlite3.dbapi2):
            patched.setattr(module, "connect", connected)
        patched.setattr(Rows, "__iter__", iterated)
        patched.setattr(Rows, "first", fetched)

    def saw(self, _statement: str) -> None:
        """Count a statement."""
        self.statements += self.counting


def counted(file: Path, events: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Return the statements and the rows of a night after a day with two cases, with so many events before."""
    with monkeypatch.context() as patched:
        seen = Counter(patched)
        with closing(open_store(file, create=True, synchronous="NORMAL")) as store:
            services, keys = services_over(store, BUREAU, people=True), Keys("one")
            clock = services.clock
            assert isinstance(clock, VirtualClock)
            for number in range(events // 10):
                with store.write() as transaction:
                    transaction.events.append(old_history(number))
            a_night(services, keys)
            for _ in range(2):
                # The first of them fills caches.
                clock.advance(timedelta(days=1))
                for title in ("甲", "乙"):
                    assert isinstance(services.start("errand", "anna", NewCase(title=title)), CommandResult)
                seen.statements = seen.rows = 0
                seen.counting = True
                a_night(services, keys)
                seen.counting = False
        return seen.statements, seen.rows


def test_a_night_does_not_grow_with_the_years_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = counted(tmp_path / "few.db", FEW, monkeypatch)
    many = counted(tmp_path / "many.db", MANY, monkeypatch)
    assert few == many
    assert 20 < few[0] < 200
    assert 20 < few[1] < 400
