"""PostgreSQL alone: two units that want each other's rows. SQLite lets one write at a time and cannot come to this."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from sample_rows import after, make_case, make_timer
from sqlalchemy import text

from engine.app.ports.store import ConflictError
from tests.hung_run import HUNG

if TYPE_CHECKING:
    from engine.store.sql import SqlStore


def test_of_two_units_that_want_each_others_rows_one_is_told_so(postgres: SqlStore) -> None:
    both_hold_one = threading.Barrier(2, timeout=HUNG)
    ends: list[str] = []

    def take(first: int, second: int) -> None:
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        try:
            with postgres.write() as transaction:
                transaction.connection.execute(lock, {"key": first})
                both_hold_one.wait()
                transaction.connection.execute(lock, {"key": second})
        except ConflictError:
            ends.append("conflict")
        else:
            ends.append("written")

    threads = [threading.Thread(target=take, args=order) for order in ((71, 72), (72, 71))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HUNG)
    assert sorted(ends) == ["conflict", "written"]


def test_a_case_another_unit_holds_is_passed_over(postgres: SqlStore) -> None:
    with postgres.write() as transaction:
        transaction.cases.add([make_case("passed-a"), make_case("passed-b")])
    with postgres.write() as holder, postgres.write() as other:
        holder.cases.get("passed-a", lock=True)
        assert set(other.cases.lock_available(["passed-a", "passed-b"])) == {"passed-b"}


def test_the_second_step_of_a_case_waits_for_whoever_takes_the_first(postgres: SqlStore) -> None:
    first, second = (make_timer("ordered", name, at=after(hours=n)) for n, name in enumerate(("b", "a")))
    with postgres.write() as transaction:
        transaction.timers.put([first, second, make_timer("alone", "a", at=after(minutes=30))])
    with postgres.write() as early, postgres.write() as late:
        assert early.timers.due(after(hours=2), 1) == [first]
        taken = late.timers.due(after(hours=2), 10)
        assert {one.case for one in taken} == {"alone", "ordered"}
        assert late.timers.due_before(taken) == {"ordered"}
        assert early.timers.due_before([first]) == set()
    with postgres.write() as transaction:
        transaction.timers.drop([("ordered", "a"), ("ordered", "b"), ("alone", "a")])


def test_the_clock_of_the_server_is_told(postgres: SqlStore) -> None:
    said = postgres.clock()
    assert said is not None
    assert said.tzinfo is not None
