"""Delivery: claimed, sent outside of any transaction, marked one by one; nobody in anybody's way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outbox_store import NOW, OutboxStore, item

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.ports.records import OutboxItem
from engine.language import say
from tests.hung_run import HUNG, until

RETRY = Retry(minutes=(1, 5, 15), lease=10)


class Recorder:
    """A channel that keeps what it got and answers as it is told."""

    def __init__(self, answer: Callable[[OutboxItem], Outcome | None] | None = None, batch: int = 3) -> None:
        self.batch = batch
        self.got: list[str] = []
        self.batches: list[int] = []
        self._answer = answer or (lambda i: Outcome(i.id))

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self.batches.append(len(items))
        self.got += [i.id for i in items]
        return [outcome for i in items if (outcome := self._answer(i)) is not None]


def refuse(i: OutboxItem) -> Outcome:
    return Outcome(i.id, say("坏了"))


def test_everything_due_goes_out_once_in_order_and_in_batches():
    store = OutboxStore(*(item(n) for n in (4, 2, 0, 1, 3)))
    channel = Recorder()
    done = deliver(store, {"log": channel}, NOW, retry=RETRY)
    assert channel.got == [f"inspection-{n}:1:1" for n in range(5)]
    assert channel.batches == [3, 2]
    assert (done.sent, done.failed, done.incidents, done.more) == (5, 0, 0, False)
    assert set(store.status().values()) == {"sent"}
    assert deliver(store, {"log": channel}, NOW, retry=RETRY).sent == 0


def test_the_channel_is_called_with_no_transaction_open():
    store = OutboxStore(item(1), item(2, "mail"))
    seen = []

    def look(i: OutboxItem) -> Outcome:
        seen.append(store.open)
        return Outcome(i.id)

    deliver(store, {"log": Recorder(look), "mail": Recorder(look)}, NOW, retry=RETRY)
    assert seen == [0, 0]


def test_retries_follow_the_minutes_and_end_in_an_incident():
    store = OutboxStore(item(1))
    channel = Recorder(refuse)
    now, waits = NOW, []
    for _ in RETRY.minutes:
        assert deliver(store, {"log": channel}, now, retry=RETRY).failed == 1
        (found,) = store.items.values()
        assert found.next_at is not None
        waits.append((found.next_at - now) // timedelta(minutes=1))
        before = found.next_at - timedelta(seconds=1)
        assert deliver(store, {"log": channel}, before, retry=RETRY).failed == 0
        now = found.next_at
    assert waits == [1, 5, 15]
    done = deliver(store, {"log": channel}, now, retry=RETRY)
    assert (done.failed, done.incidents) == (0, 1)
    assert store.status() == {"inspection-1:1:1": "incident"}
    assert next(iter(store.items.values())).error == "坏了"
    assert len(channel.got) == 4


def test_a_final_failure_is_an_incident_at_once():
    store = OutboxStore(item(1))
    done = deliver(
        store, {"log": Recorder(lambda i: Outcome(i.id, say("查无此人"), final=True))}, NOW, retry=RETRY
    )
    assert done.incidents == 1


def test_one_bad_item_does_not_block_the_others():
    store = OutboxStore(*(item(n) for n in range(6)))
    bad = "inspection-0:1:1"
    done = deliver(
        store,
        {"log": Recorder(lambda i: refuse(i) if i.id == bad else Outcome(i.id))},
        NOW,
        retry=RETRY,
    )
    assert (done.sent, done.failed) == (5, 1)


def test_a_channel_that_raises_does_not_block_another():
    store = OutboxStore(item(1), item(2, "mail"), item(3, "mail"))

    def burst(i: OutboxItem) -> Outcome:
        raise OSError("network is unreachable")

    done = deliver(store, {"log": Recorder(burst), "mail": Recorder()}, NOW, retry=RETRY)
    assert (done.sent, done.failed) == (2, 1)
    error = store.items["inspection-1:1:1"].error
    assert error is not None
    assert "network is unreachable" in error


def test_a_slow_channel_does_not_hold_up_another():
    store = OutboxStore(item(1), *(item(n, "mail") for n in range(2, 8)))
    others_done = threading.Event()

    def slow(i: OutboxItem) -> Outcome:
        # Deadlocks (and times out) if the mails had to wait for this one.
        assert others_done.wait(HUNG)
        return Outcome(i.id)

    def quick(i: OutboxItem) -> Outcome:
        if i.id == "inspection-7:1:1":
            others_done.set()
        return Outcome(i.id)

    done = deliver(store, {"log": Recorder(slow), "mail": Recorder(quick, batch=1)}, NOW, retry=RETRY)
    assert (done.sent, done.failed) == (7, 0)


def test_items_of_channels_we_do_not_have_are_left_alone():
    store = OutboxStore(item(1, "fax"))
    assert deliver(store, {"log": Recorder()}, NOW, retry=RETRY).sent == 0
    assert deliver(store, {}, NOW, retry=RETRY).sent == 0
    assert store.marks == []


def test_limit_is_per_channel_and_says_that_there_is_more():
    store = OutboxStore(*(item(n) for n in range(5)), item(9, "mail"))
    channels = {"log": Recorder(), "mail": Recorder()}
    done = deliver(store, channels, NOW, limit=4, retry=RETRY)
    assert (done.sent, done.more) == (5, True)
    assert channels["log"].batches == [3, 1]
    assert not deliver(store, channels, NOW, limit=4, retry=RETRY).more


def test_nothing_but_failures_does_not_ask_to_go_on_at_once():
    store = OutboxStore(*(item(n) for n in range(5)))
    assert not deliver(store, {"log": Recorder(refuse)}, NOW, limit=3, retry=RETRY).more


def test_only_answers_count_as_attempts():
    store = OutboxStore(item(1), item(2))
    silent = "inspection-2:1:1"
    deliver(store, {"log": Recorder(lambda i: None if i.id == silent else refuse(i))}, NOW, retry=RETRY)
    assert {i.id: (i.attempts, i.leases) for i in store.items.values()} == {
        "inspection-1:1:1": (1, 0),
        silent: (0, 1),
    }


def test_what_is_claimed_is_not_taken_by_a_second_process():
    store = OutboxStore(*(item(n) for n in range(6)))
    second = Recorder()

    def meanwhile(i: OutboxItem) -> Outcome:
        if i.id == "inspection-0:1:1":
            deliver(store, {"log": second}, NOW, retry=RETRY)
        return Outcome(i.id)

    first = Recorder(meanwhile)
    deliver(store, {"log": first}, NOW, retry=RETRY)
    assert sorted(first.got + second.got) == sorted(store.items)
    assert len(second.got) == 3


def test_two_at_once_send_nothing_twice():
    store = OutboxStore(*(item(n) for n in range(200)))
    channels = [Recorder(batch=7) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda c=c: deliver(store, {"log": c}, NOW, retry=RETRY)) for c in channels
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(one for c in channels for one in c.got) == Counter(store.items.keys())
    assert set(store.status().values()) == {"sent"}


def test_a_process_that_dies_while_sending_leaves_the_item_to_be_sent_again_with_its_id():
    store = OutboxStore(item(1))

    def die(i: OutboxItem) -> Outcome:
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver(store, {"log": Recorder(die)}, NOW, retry=RETRY)
    again = Recorder()
    assert deliver(store, {"log": again}, NOW + timedelta(minutes=9), retry=RETRY).sent == 0
    assert deliver(store, {"log": again}, NOW + timedelta(minutes=10), retry=RETRY).sent == 1
    assert again.got == ["inspection-1:1:1"]


def test_an_item_that_kills_whoever_sends_it_ends_as_an_incident_and_lets_the_others_through():
    store = OutboxStore(item(1), item(2))
    now, deaths = NOW, 0

    def die(i: OutboxItem) -> Outcome | None:
        if i.id == "inspection-1:1:1":
            raise SystemExit
        return Outcome(i.id)

    while store.status()["inspection-1:1:1"] == "waiting":
        try:
            deliver(store, {"log": Recorder(die, batch=1)}, now, retry=RETRY)
        except SystemExit:
            deaths += 1
        now += timedelta(minutes=RETRY.lease)
        assert deaths < 20
    assert store.status() == {"inspection-1:1:1": "incident", "inspection-2:1:1": "sent"}
    assert deaths >= len(RETRY.minutes)


def test_an_item_without_an_answer_comes_again_after_the_lease():
    store = OutboxStore(item(1), item(2))
    channel = Recorder(lambda i: Outcome(i.id) if i.id == "inspection-1:1:1" else None)
    done = deliver(store, {"log": channel}, NOW, retry=RETRY)
    assert (done.sent, done.failed, done.incidents) == (1, 0, 0)
    assert store.items["inspection-2:1:1"].next_at == NOW + timedelta(minutes=10)


def test_answers_for_items_that_were_not_asked_for_are_ignored():
    store = OutboxStore(item(1), item(2, "mail"))
    channel = Recorder()
    channel.send = lambda items: [  # type: ignore[method-assign]
        Outcome("inspection-2:1:1"),
        Outcome("inspection-1:1:1"),
        Outcome("inspection-1:1:1", say("又坏了")),
    ]
    assert deliver(store, {"log": channel}, NOW, retry=RETRY).sent == 1
    assert store.status() == {"inspection-1:1:1": "sent", "inspection-2:1:1": "waiting"}


def test_a_store_that_fails_at_one_mark_still_gets_the_others_and_the_failure_is_told():
    store = OutboxStore(*(item(n) for n in range(4)))
    store.refuse.add(("sent", "inspection-0:1:1"))
    with pytest.raises(RuntimeError, match="inspection-0"):
        deliver(store, {"log": Recorder()}, NOW, retry=RETRY)
    assert Counter(store.status().values()) == {"sent": 3, "waiting": 1}


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="2027"):
        deliver(OutboxStore(), {}, datetime(2027, 3, 1), retry=RETRY)  # noqa: DTZ001 - the mistake under test


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(0, 12),
    fates=st.lists(st.sampled_from(["ok", "bad", "final", "silent", "raise"]), min_size=12, max_size=12),
    batch=st.integers(1, 5),
)
def test_whatever_happens_every_item_is_sent_once_or_becomes_an_incident(count, fates, batch):
    store = OutboxStore(*(item(n) for n in range(count)))
    fate = dict(zip((item(n).id for n in range(12)), fates, strict=True))
    taken: Counter[str] = Counter()

    def answer(i: OutboxItem) -> Outcome | None:
        match fate[i.id]:
            case "ok":
                taken[i.id] += 1
                return Outcome(i.id)
            case "bad":
                return refuse(i)
            case "final":
                return Outcome(i.id, say("不"), final=True)
            case "raise":
                raise ValueError(i.id)
        return None

    now = NOW
    # One item that raises takes its whole batch with it, so these go in batches of one.
    size = 1 if "raise" in fates else batch
    for _ in range(10):
        deliver(store, {"log": Recorder(answer, batch=size)}, now, retry=RETRY)
        now += timedelta(minutes=16)
    for one, status in store.status().items():
        assert status == ("sent" if fate[one] == "ok" else "incident")
        assert taken[one] == (1 if fate[one] == "ok" else 0)


def test_instants_given_in_another_zone_mean_the_same():
    store = OutboxStore(item(1, next_at=NOW))
    shanghai = NOW.astimezone(UTC) - timedelta(seconds=1)
    assert deliver(store, {"log": Recorder()}, shanghai, retry=RETRY).sent == 0


class Passing:
    """A clock that a channel lets pass."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class TestClaimsOfTheLiving:
    """Claims that are short, and renewed while the sender lives."""

    SHORT = Retry(minutes=(1, 5, 15), lease=10, lease_seconds=3)

    def claimed_until(self, store: OutboxStore, name: str, least: datetime) -> None:
        """Wait until a claim lasts to an instant or longer."""
        until(
            lambda: (at := store.items[name].next_at) is not None and at >= least, lambda: store.items[name]
        )

    def test_a_claim_is_renewed_while_its_sender_waits_for_an_answer(self) -> None:
        store, clock = OutboxStore(item(1)), Passing()

        def slow(i: OutboxItem) -> Outcome:
            for _ in range(3):
                clock.at += timedelta(seconds=2)
                self.claimed_until(store, i.id, clock.at + timedelta(seconds=3))
            return Outcome(i.id)

        assert deliver(store, {"log": Recorder(slow)}, NOW, retry=self.SHORT, clock=clock).sent == 1

    def test_but_not_beyond_the_lease(self) -> None:
        store, clock = OutboxStore(item(1)), Passing()

        def hangs(i: OutboxItem) -> Outcome:
            clock.at += timedelta(minutes=10)
            threading.Event().wait(2.5)
            assert store.items[i.id].next_at == NOW + timedelta(seconds=3)
            return Outcome(i.id)

        assert deliver(store, {"log": Recorder(hangs)}, NOW, retry=self.SHORT, clock=clock).sent == 1

    def test_what_a_channel_did_not_try_waits_for_the_whole_lease(self) -> None:
        store = OutboxStore(item(1), item(2))
        deliver(store, {"log": Recorder(lambda i: None)}, NOW, retry=self.SHORT, clock=Passing())
        assert {i.next_at for i in store.items.values()} == {NOW + timedelta(minutes=10)}


def test_once_stopping_nothing_more_is_claimed_and_the_untried_is_given_back() -> None:
    store = OutboxStore(*(item(n) for n in range(1, 6)))
    stopping: list[str] = []

    def answer(i: OutboxItem) -> Outcome | None:
        if stopping:
            return None
        stopping.append(i.id)
        return Outcome(i.id)

    done = deliver(store, {"log": Recorder(answer)}, NOW, retry=RETRY, stopping=lambda: bool(stopping))
    assert done.sent == 1
    assert sorted(store.status().values()) == ["sent", *["waiting"] * 4]
    waiting = [i for i in store.items.values() if i.status == "waiting"]
    assert {(i.next_at, i.leases, i.error) for i in waiting} == {(None, 0, None)}
