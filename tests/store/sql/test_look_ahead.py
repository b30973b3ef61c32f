from __future__ import annotations

from datetime import UTC, datetime

from engine.app.ports.records import Heartbeat, IdempotencyRecord, Task
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, follow
from engine.store.sql.store import SqlStore
from engine.store.sql.trips.look_ahead import look_ahead

NOW = datetime(2027, 3, 1, tzinfo=UTC)
BEGUN = follow("a", 1, NOW, "p", "started", {}, GENESIS)


def a_case() -> Case:
    return Case(
        id="a",
        workflow="w",
        version=1,
        state="s",
        rev=1,
        head=BEGUN.hash,
        title="t",
        section=None,
        opened_at=NOW,
        entered_at=NOW,
    )


def a_task(key: str) -> Task:
    return Task("a", key, "w", "s", "t", "t", None, None, None, None, False, NOW)


def test_one_query_answers_for_five(store: SqlStore) -> None:
    receipt = IdempotencyRecord("q", "0" * 64, {}, NOW)
    with store.write() as transaction:
        transaction.cases.add([a_case()])
        transaction.events.append([BEGUN])
        transaction.tasks.put([a_task("p:b"), a_task("p:a")])
        transaction.daemons.put(Heartbeat("d", NOW, "1"))
        transaction.record_request(receipt)
    with store.write() as transaction:
        driver = transaction.driver
        look_ahead(driver, "q", "a", ("x",), ("p", "a", "step"))
        assert driver.ahead is not None
        assert len(driver.ahead) == 5
        assert (driver.looked_at, driver.heads, driver.holders) == (
            ("a", 1),
            {"a": (1, BEGUN.hash)},
            {"a": ["p:a", "p:b"]},
        )
        assert transaction.idempotency_record("q") == receipt
        assert transaction.daemons.last_at() == NOW
        assert transaction.events.newest(("x",)) == ("",)
        assert transaction.cases.get("a", lock=True) == a_case()
        assert not transaction.drafts.drop("p", "a", "step")
        assert driver.ahead == {}
        # What was fetched for the first who asks is not what another is told.
        look_ahead(driver, None, "a", ("x",), None)
        transaction.tasks.drop(["a"])
    assert not driver.ahead
    assert not driver.holders


def test_nothing_is_kept_of_a_case_that_is_not_there(store: SqlStore) -> None:
    with store.write() as transaction:
        look_ahead(transaction.driver, "q", "a", ("x",), None)
        assert transaction.driver.ahead is None
        assert transaction.driver.looked_at is None
