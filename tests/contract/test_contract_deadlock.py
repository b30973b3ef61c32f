"""PostgreSQL alone: two units that want each other's rows. SQLite lets one write at a time and cannot come to this."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sqlalchemy import text

from engine.office.ports import Conflict

if TYPE_CHECKING:
    from engine.store.sql import SqlStore


def test_of_two_units_that_want_each_others_rows_one_is_told_so(postgres: SqlStore) -> None:
    both_hold_one = threading.Barrier(2, timeout=20)
    ends: list[str] = []

    def take(first: int, second: int) -> None:
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        try:
            with postgres.write() as unit:
                unit._connection.execute(lock, {"key": first})
                both_hold_one.wait()
                unit._connection.execute(lock, {"key": second})
        except Conflict:
            ends.append("conflict")
        else:
            ends.append("written")

    threads = [threading.Thread(target=take, args=order) for order in ((71, 72), (72, 71))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(ends) == ["conflict", "written"]
