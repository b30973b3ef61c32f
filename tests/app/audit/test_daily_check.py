from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from heads_fixtures import HeadBureau

from engine.app.audit.daily_check import check_tonight, is_whole_due, note_verified, verified_at
from engine.store.sql import open_store


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[HeadBureau]:
    with closing(open_store(tmp_path / "ssj.db", create=True, synchronous="NORMAL")) as store:
        made = HeadBureau(store)
        made.day("甲")
        yield made


def tonight(bureau: HeadBureau, *, whole: bool = False) -> tuple[bool, bool]:
    """Return whether the night read everything, and whether it found something."""
    now, zone = bureau.services.clock.now(), bureau.services.definitions.time.zone
    found = check_tonight(bureau.store, now, zone, 7, whole=whole)
    return found.whole, bool(found.findings)


def test_everything_is_checked_when_it_is_due_and_what_is_new_on_the_other_nights(bureau: HeadBureau) -> None:
    clock = bureau.services.clock
    assert tonight(bureau) == (True, False)
    note_verified(bureau.store, clock.now(), whole=True)
    for _ in range(6):
        bureau.day("乙")
        assert tonight(bureau) == (False, False)
    assert tonight(bureau, whole=True) == (True, False)
    bureau.day("乙")
    assert tonight(bureau) == (True, False)


def test_an_old_entry_changed_is_found_on_the_night_that_reads_everything(
    bureau: HeadBureau, tmp_path: Path
) -> None:
    note_verified(bureau.store, bureau.services.clock.now(), whole=True)
    bureau.day("乙")
    with closing(sqlite3.connect(tmp_path / "ssj.db")) as connection:
        connection.execute("UPDATE event SET actor = 'zoe' WHERE stream = 'errand-1'")
        connection.commit()
    assert tonight(bureau) == (False, False)
    for _ in range(6):
        bureau.day("丙")
    assert tonight(bureau) == (True, True)


def test_a_record_of_a_later_time_than_now_makes_it_due(bureau: HeadBureau) -> None:
    now, zone = bureau.services.clock.now(), bureau.services.definitions.time.zone
    note_verified(bureau.store, now + timedelta(days=300), whole=True)
    with bureau.store.read() as transaction:
        assert is_whole_due(transaction, now, zone, 7)
    note_verified(bureau.store, now, whole=True)
    with bureau.store.read() as transaction:
        assert verified_at(transaction) == now
        assert not is_whole_due(transaction, now, zone, 7)


def test_the_record_is_among_what_the_next_night_reads(bureau: HeadBureau, tmp_path: Path) -> None:
    note_verified(bureau.store, bureau.services.clock.now(), whole=True)
    assert tonight(bureau) == (False, False)
    known = bureau.services.clock.now()
    bureau.day("乙")
    note_verified(bureau.store, bureau.services.clock.now(), whole=False)
    with bureau.store.read() as transaction:
        assert verified_at(transaction) == known
    with closing(sqlite3.connect(tmp_path / "ssj.db")) as connection:
        connection.execute(
            "UPDATE setting SET body = replace(body, '\"night\"', '\"other\"') WHERE name = 'audit/verified'"
        )
        connection.commit()
    assert tonight(bureau) == (False, True)


def test_without_a_signed_head_everything_is_read(bureau: HeadBureau) -> None:
    note_verified(bureau.store, bureau.services.clock.now(), whole=True)
    bureau.keys.secrets.clear()
    assert bureau.day("乙").signature is None
    assert tonight(bureau) == (True, False)
