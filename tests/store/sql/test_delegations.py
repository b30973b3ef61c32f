from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from engine.app.ports.records import Delegation
from engine.store.sql.repositories.people.delegations import SqlDelegations
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import delegation

ONE = Delegation(
    id="delegation-1",
    principal="p-1",
    delegate="p-2",
    first=date(2027, 3, 3),
    last=date(2027, 3, 5),
    begins=datetime(2027, 3, 2, 16, tzinfo=UTC),
    ends=datetime(2027, 3, 5, 16, tzinfo=UTC),
    reason="年休假",
    by="p-3",
)


def test_a_row_has_a_number_and_a_column_for_everything(
    store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.delegations, SqlDelegations)
        transaction.delegations.add(replace(ONE, id="delegation-9"))
        transaction.delegations.add(ONE)
        transaction.delegations.end("delegation-1")
    days = ("2027-03-03", "2027-03-05", "2027-03-02T16:00:00.000000Z", "2027-03-05T16:00:00.000000Z")
    assert rows(delegation) == [
        ("delegation-9", 1, "p-1", "p-2", *days, "年休假", "p-3", 0),
        ("delegation-1", 2, "p-1", "p-2", *days, "年休假", "p-3", 1),
    ]
