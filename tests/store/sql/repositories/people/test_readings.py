"""Rows of records of readings as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sample_rows import make_reading

from engine.store.readings_codec import reading_row
from engine.store.sql.repositories.people.readings import SqlReadings
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import personal_reading


def test_a_record_is_added_once(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.readings, SqlReadings)
        transaction.readings.add([make_reading(), make_reading(rows=9)])
    assert rows(personal_reading) == [reading_row(make_reading())]
