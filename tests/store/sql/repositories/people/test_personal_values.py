"""Rows of personal values as the database has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sample_rows import make_personal_value

from engine.store.readings_codec import value_row
from engine.store.sql.repositories.people.personal_values import SqlPersonalValues
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import personal_value


def test_a_value_is_a_row_until_it_is_destroyed(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.personal_values, SqlPersonalValues)
        transaction.personal_values.add([make_personal_value()])
    assert rows(personal_value) == [value_row(make_personal_value())]
    with store.write() as transaction:
        transaction.personal_values.destroy(["v-1"])
    assert rows(personal_value) == []
