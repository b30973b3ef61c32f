from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import NAIVE, NOW, SHANGHAI, after, ids, make_outgoing

from engine.app.ports.store import Store


def test_an_item_comes_back_as_it_was(store: Store) -> None:
    full = make_outgoing(
        status="incident", attempts=3, next_at=after(hours=1), sent_at=after(hours=2), error="坏"
    )
    bare = make_outgoing("b", recipient=None, case=None, payload={})
    with store.write() as transaction:
        transaction.outbox.put([full, bare])
    with store.read() as transaction:
        assert transaction.outbox.listed() == [full, bare]


def test_an_id_is_taken_once(store: Store) -> None:
    first = make_outgoing()
    with store.write() as transaction:
        transaction.outbox.put([first])
        transaction.outbox.sent([first.id], after(hours=1))
    with store.write() as transaction:
        transaction.outbox.put(
            [replace(first, payload={"text": "other"}), make_outgoing("new"), make_outgoing("new")]
        )
    with store.read() as transaction:
        found = {item.id: item for item in transaction.outbox.listed()}
        assert transaction.outbox.counts() == {("message", "sent"): 1, ("message", "waiting"): 1}
    assert found[first.id].payload == first.payload
    assert found[first.id].status == "sent"


def test_taking_what_is_ready(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put(
            [
                make_outgoing("b", created_at=after(seconds=1)),
                make_outgoing("a", created_at=after(seconds=1)),
                make_outgoing("c", created_at=NOW.astimezone(SHANGHAI)),
                make_outgoing("later", next_at=after(hours=1)),
                make_outgoing("mail", channel="smtp"),
                make_outgoing("gone", status="sent"),
                make_outgoing("stuck", status="incident"),
            ]
        )
        assert ids(transaction.outbox.take(after(seconds=2), 10, ["log"])) == ["c", "a", "b"]
        assert ids(transaction.outbox.take(after(seconds=2), 2, ["log"])) == ["c", "a"]
        assert ids(transaction.outbox.take(after(hours=1), 10, ["log", "smtp"])) == [
            "c",
            "later",
            "mail",
            "a",
            "b",
        ]
        assert transaction.outbox.take(after(hours=1), 10, []) == []
        assert transaction.outbox.take(after(hours=1), 10, ["unknown"]) == []


def test_marks(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(i) for i in "abc"])
        transaction.outbox.failed("a", "忙", after(hours=1))
        transaction.outbox.failed("b", "拒收", None)
        transaction.outbox.sent(["c", "unknown"], after(seconds=5))
    with store.write() as transaction:
        found = {item.id: item for item in transaction.outbox.listed()}
        assert found["a"] == make_outgoing("a", attempts=1, next_at=after(hours=1), error="忙")
        assert found["b"] == make_outgoing("b", status="incident", attempts=1, error="拒收")
        assert found["c"] == make_outgoing("c", status="sent", sent_at=after(seconds=5))
        assert [transaction.outbox.incident(item) for item in "bcx"] == [found["b"], None, None]
        assert transaction.outbox.take(NOW, 10, ["log"]) == []
        assert ids(transaction.outbox.take(after(hours=1), 10, ["log"])) == ["a"]
        transaction.outbox.sent(["a", "b"], after(hours=2))
        # A second sender whose lease ran out hears of a failure when the first has delivered.
        transaction.outbox.failed("a", "late news", after(hours=3))
    with store.read() as transaction:
        again = {item.id: item for item in transaction.outbox.listed()}
        assert again["a"] == make_outgoing("a", status="sent", attempts=1, sent_at=after(hours=2))
        assert transaction.outbox.counts() == {("message", "sent"): 3}


def test_listing_newest_first(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(f"i{n}", created_at=after(seconds=n // 2)) for n in range(6)])
        transaction.outbox.put([make_outgoing("other", recipient="p-2", kind="document")])
        transaction.outbox.sent(["i1", "i4"], NOW)
    with store.read() as transaction:
        assert ids(transaction.outbox.listed()) == ["i5", "i4", "i3", "i2", "other", "i1", "i0"]
        assert ids(transaction.outbox.listed(status="sent")) == ["i4", "i1"]
        assert ids(transaction.outbox.listed(status="waiting", limit=2)) == ["i5", "i3"]
        assert transaction.outbox.counts() == {
            ("document", "waiting"): 1,
            ("message", "sent"): 2,
            ("message", "waiting"): 4,
        }


def test_naive_instants_are_refused(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing()])
    for act in (
        lambda box: box.put([make_outgoing("x", created_at=NAIVE)]),
        lambda box: box.take(NAIVE, 1, ["log"]),
        lambda box: box.sent([make_outgoing().id], NAIVE),
        lambda box: box.failed(make_outgoing().id, "x", NAIVE),
    ):
        with pytest.raises(ValueError, match="naive"), store.write() as transaction:
            act(transaction.outbox)


def test_large_batches(store: Store, many: int) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(f"i{n:05}", created_at=after(seconds=n)) for n in range(many)])
    with store.write() as transaction:
        taken = transaction.outbox.take(after(days=1), many // 2, ["log"])
        assert ids(taken) == [f"i{n:05}" for n in range(many // 2)]
        transaction.outbox.sent(ids(taken), NOW)
        assert ids(transaction.outbox.take(after(days=1), 1, ["log"])) == [f"i{many // 2:05}"]


def test_a_claim_is_a_lease_and_no_attempt(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(i) for i in "abcd"])
        transaction.outbox.sent(["c"], NOW)
        transaction.outbox.failed("d", "拒收", None)
        transaction.outbox.lease(["a", "a", "c", "d", "unknown"], after(minutes=15), "正在发送")
    with store.read() as transaction:
        found = {item.id: item for item in transaction.outbox.listed()}
        assert found["a"] == make_outgoing("a", next_at=after(minutes=15), error="正在发送", leases=1)
        assert found["c"] == make_outgoing("c", status="sent", sent_at=NOW)
        assert found["d"] == make_outgoing("d", status="incident", attempts=1, error="拒收")
        assert ids(transaction.outbox.take(after(minutes=14), 10, ["log"])) == ["b"]
        assert ids(transaction.outbox.take(after(minutes=15), 10, ["log"])) == ["a", "b"]
    with store.write() as transaction:
        transaction.outbox.failed("a", "忙", after(hours=1))
        (answered,) = [item for item in transaction.outbox.listed() if item.id == "a"]
        assert (answered.attempts, answered.leases) == (1, 0)


def test_what_is_held_back_waits_uncounted(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing("a")])
        transaction.outbox.extend_lease(["a", "unknown"], after(hours=9))
        assert transaction.outbox.take(after(hours=8), 10, ["log"]) == []
        assert transaction.outbox.take(after(hours=9), 10, ["log"]) == [
            make_outgoing("a", next_at=after(hours=9))
        ]


def test_an_incident_is_tried_again_or_closed(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(i) for i in "abc"])
        transaction.outbox.failed("a", "拒收", None)
        transaction.outbox.failed("b", "拒收", None)
        answers = [transaction.outbox.retry(i) for i in ("a", "a", "c", "unknown")]
        answers += [transaction.outbox.dismiss(i) for i in ("b", "b", "c", "unknown")]
        assert answers == [True, False, False, False] * 2
    with store.read() as transaction:
        assert {i.id: (i.status, i.attempts) for i in transaction.outbox.listed()} == {
            "a": ("waiting", 1),
            "b": ("dismissed", 1),
            "c": ("waiting", 0),
        }
        assert transaction.outbox.listed(status="incident") == []
        assert ids(transaction.outbox.take(NOW, 10, ["log"])) == ["a", "c"]


def test_what_was_claimed_and_not_tried_is_given_back_as_it_was(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(i) for i in "abc"])
        transaction.outbox.failed("b", "忙", after(minutes=1))
    with store.write() as transaction:
        taken = transaction.outbox.take(after(minutes=2), 10, ["log"])
        transaction.outbox.lease(ids(taken), after(minutes=15), "正在发送")
        transaction.outbox.sent(["c"], NOW)
        transaction.outbox.return_lease(taken)
    with store.read() as transaction:
        found = {item.id: item for item in transaction.outbox.listed()}
        assert found["a"] == make_outgoing("a")
        assert found["b"] == make_outgoing("b", attempts=1, next_at=after(minutes=1), error="忙")
        assert found["c"].status == "sent"


def test_a_sender_whose_lease_ran_out_leaves_the_lease_of_another_alone(store: Store) -> None:
    with store.write() as transaction:
        transaction.outbox.put([make_outgoing(i) for i in "ab"])
        mine = transaction.outbox.take(NOW, 10, ["log"])
        transaction.outbox.lease(ids(mine), after(minutes=15), "甲正在发送")
    with store.write() as transaction:
        others = transaction.outbox.take(after(minutes=16), 10, ["log"])
        transaction.outbox.lease(ids(others), after(minutes=31), "乙正在发送")
    with store.write() as transaction:
        # The first sender wakes and says what it heard, or gives back what it did not try.
        transaction.outbox.failed("a", "忙", after(minutes=17), leases=mine[0].leases + 1)
        transaction.outbox.return_lease(mine[1:])
    with store.read() as transaction:
        assert transaction.outbox.take(after(minutes=30), 10, ["log"]) == []
        assert [(item.attempts, item.leases) for item in transaction.outbox.listed()] == [(0, 2), (0, 2)]
    with store.write() as transaction:
        # Who holds the lease is heard.
        transaction.outbox.failed("a", "忙", after(minutes=18), leases=others[0].leases + 1)
        assert [
            (item.id, item.attempts) for item in transaction.outbox.take(after(minutes=18), 10, ["log"])
        ] == [("a", 1)]
