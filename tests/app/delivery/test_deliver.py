"""What lies in the outbox of a small store, and channels that take, refuse, break or say nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.delivery.deliver import Channel, Delivered, Outcome, Pacing, Retry, deliver
from engine.app.delivery.quiet_hours import DeliveryPolicy, OfficeHours
from engine.app.ports.records import OutboxItem
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.language import say
from engine.store.memory import MemoryStore
from engine.store.memory.store import MemoryTransaction
from tests.hung_run import until

NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
RETRY = Retry(minutes=(1, 5), lease=10)
HOURS = OfficeHours(load_calendar([]), UTC, time(9))


class Post:
    """A channel that keeps what it got and answers as it is asked to."""

    def __init__(
        self, answer: Callable[[OutboxItem], Outcome | None] = lambda item: Outcome(item.id)
    ) -> None:
        self.batch = 2
        self.answer = answer
        self.got: list[list[OutboxItem]] = []

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self.got.append(list(items))
        return [outcome for outcome in map(self.answer, items) if outcome is not None]

    @property
    def ids(self) -> list[list[str]]:
        return [[item.id for item in items] for items in self.got]


def message(
    name: str, minutes: int = -60, *, channel: str = "log", recipient: str | None = "p"
) -> OutboxItem:
    return OutboxItem(
        id=name,
        kind="message",
        channel=channel,
        recipient=recipient,
        case=None,
        payload={"title": f"标题{name}", "text": f"正文{name}"},
        created_at=NOW + timedelta(minutes=minutes),
    )


def outbox(*items: OutboxItem) -> MemoryStore:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.outbox.put(items)
    return store


def kept(store: MemoryStore) -> dict[str, OutboxItem]:
    with store.read() as transaction:
        return {item.id: item for item in transaction.outbox.listed()}


def refuse(item: OutboxItem) -> Outcome:
    return Outcome(item.id, say("线路不通"))


class CountedStore(MemoryStore):
    """Counts the transactions that write; the one with a number fails at its end."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.failing = 0, 0

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        self.written += 1
        with super().write() as transaction:
            yield transaction
            if self.written == self.failing:
                raise OSError("no space left")


@pytest.mark.parametrize(("failing", "transactions"), [(0, 3), (3, 5)])
def test_what_one_send_took_is_marked_in_one_transaction_and_alone_where_that_fails(
    failing: int, transactions: int
) -> None:
    store = CountedStore()
    with store.write() as transaction:
        transaction.outbox.put([message(name) for name in ("a", "b")])
    store.failing = failing
    post = Post()
    found = deliver(store, {"log": post}, NOW, retry=RETRY)
    # What was put in, the claim, and the marks; that nothing more is due is read.
    assert (found.sent, post.ids, store.written) == (2, [["a", "b"]], transactions)
    assert {item.status for item in kept(store).values()} == {"sent"}


def test_the_times_of_a_claim() -> None:
    assert (RETRY.longest, RETRY.claim) == (timedelta(minutes=10), timedelta(minutes=10))
    short = Retry(minutes=(1,), lease=10, lease_seconds=12)
    assert (short.longest, short.claim) == (timedelta(minutes=10), timedelta(seconds=12))


def test_what_is_due_goes_out_in_batches_oldest_first() -> None:
    store = outbox(message("c", -1), message("a", -3), message("b", -2), message("x", channel="other"))
    post = Post()
    assert deliver(store, {"log": post}, NOW, retry=RETRY) == Delivered(sent=3)
    assert post.ids == [["a", "b"], ["c"]]
    found = kept(store)
    assert [found[name].status for name in "abcx"] == ["sent", "sent", "sent", "waiting"]
    assert found["a"].sent_at == NOW
    assert deliver(store, {"log": post}, NOW, retry=RETRY) == Delivered()


def test_nowhere_to_send_and_an_instant_without_a_zone() -> None:
    store = outbox(message("a"))
    assert deliver(store, {}, NOW, retry=RETRY) == Delivered()
    with pytest.raises(ValueError, match="naive"):
        deliver(store, {"log": Post()}, NOW.replace(tzinfo=None), retry=RETRY)
    assert kept(store)["a"].attempts == 0


def test_a_failed_item_is_tried_after_its_minutes_and_then_is_an_incident() -> None:
    store, post, now = outbox(message("a")), Post(refuse), NOW
    for attempts, minutes in ((1, 1), (2, 5)):
        assert deliver(store, {"log": post}, now, retry=RETRY) == Delivered(failed=1)
        item = kept(store)["a"]
        assert (item.attempts, item.status, item.error) == (attempts, "waiting", "线路不通")
        assert item.next_at == now + timedelta(minutes=minutes)
        assert deliver(store, {"log": post}, item.next_at - timedelta(seconds=1), retry=RETRY) == Delivered()
        now = item.next_at
    assert deliver(store, {"log": post}, now, retry=RETRY) == Delivered(incidents=1)
    assert (kept(store)["a"].status, kept(store)["a"].attempts) == ("incident", 3)


def test_what_cannot_get_better_is_an_incident_at_once() -> None:
    store = outbox(message("a"))
    post = Post(lambda item: Outcome(item.id, say("线路不通"), final=True))
    assert deliver(store, {"log": post}, NOW, retry=RETRY) == Delivered(incidents=1)
    assert kept(store)["a"].status == "incident"


def test_a_channel_that_breaks_harms_no_other() -> None:
    class Broken(Post):
        def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
            raise KeyError("port")

    store = outbox(message("a"), message("b", channel="mail"))
    channels: dict[str, Channel] = {"log": Broken(), "mail": Post()}
    assert deliver(store, channels, NOW, retry=RETRY) == Delivered(sent=1, failed=1)
    assert kept(store)["a"].error == "通道出错：KeyError：'port'"
    assert kept(store)["b"].status == "sent"


def test_an_answer_for_something_else_or_a_second_one_changes_nothing() -> None:
    class Talkative(Post):
        def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
            return [Outcome("z"), *(Outcome(item.id) for item in items), refuse(items[0])]

    store = outbox(message("a"))
    assert deliver(store, {"log": Talkative()}, NOW, retry=RETRY) == Delivered(sent=1)
    assert kept(store)["a"].status == "sent"


def test_what_was_not_tried_comes_again_after_the_lease() -> None:
    store = outbox(message("a"), message("b"))
    assert deliver(store, {"log": Post(lambda item: None)}, NOW, retry=RETRY) == Delivered()
    item = kept(store)["a"]
    assert (item.attempts, item.leases, item.next_at) == (0, 1, NOW + timedelta(minutes=10))
    assert item.error is not None
    assert "正在发送" in item.error
    post = Post()
    deliver(store, {"log": post}, NOW + timedelta(minutes=9), retry=RETRY)
    assert post.got == []
    deliver(store, {"log": post}, NOW + timedelta(minutes=10), retry=RETRY)
    assert post.ids == [["a", "b"]]


def test_what_was_not_tried_before_a_stop_waits_as_before() -> None:
    store = outbox(message("a"), message("b"), message("c"))
    stopping: list[bool] = []

    def answer(item: OutboxItem) -> Outcome | None:
        stopping.append(True)
        return Outcome(item.id) if item.id == "a" else None

    post = Post(answer)
    found = deliver(store, {"log": post}, NOW, retry=RETRY, stopping=lambda: bool(stopping))
    assert found == Delivered(sent=1)
    assert post.ids == [["a", "b"]]
    assert kept(store)["b"] == message("b")
    assert kept(store)["c"] == message("c")


@pytest.mark.parametrize(("limit", "sent", "more"), [(1, 1, True), (2, 2, True), (3, 3, True), (4, 3, False)])
def test_the_limit_of_one_delivery(limit: int, sent: int, more: bool) -> None:
    store = outbox(*(message(name) for name in "abc"))
    found = deliver(store, {"log": Post()}, NOW, limit, retry=RETRY)
    assert found == Delivered(sent=sent, more=more)


def test_an_item_that_was_claimed_in_vain_too_often_is_given_up() -> None:
    store, now = outbox(message("a")), NOW
    for _ in range(6):
        deliver(store, {"log": Post(lambda item: None)}, now, retry=RETRY)
        now += timedelta(minutes=10)
    post = Post()
    assert kept(store)["a"].leases == 6
    assert deliver(store, {"log": post}, now, retry=RETRY) == Delivered(incidents=1)
    assert post.got == []
    assert kept(store)["a"].status == "incident"
    assert (kept(store)["a"].error or "").startswith("多次发送都没有结果")


def test_a_claim_is_renewed_for_as_long_as_its_sender_lives() -> None:
    store, clock = outbox(message("a")), VirtualClock(NOW)
    short = Retry(minutes=(1,), lease=10, lease_seconds=0)
    seen: list[datetime | None] = []

    def answer(item: OutboxItem) -> Outcome:
        clock.advance(timedelta(minutes=3))
        until(lambda: kept(store)["a"].next_at != NOW)
        seen.append(kept(store)["a"].next_at)
        return Outcome(item.id)

    assert deliver(store, {"log": Post(answer)}, NOW, retry=short, clock=clock) == Delivered(sent=1)
    assert seen == [NOW + timedelta(minutes=3)]
    assert kept(store)["a"].sent_at == NOW + timedelta(minutes=3)


def test_a_channel_that_keeps_hours_holds_back_and_gathers() -> None:
    night = Pacing({"log": DeliveryPolicy(quiet=(time(1), time(6)))}, HOURS)
    store, post = outbox(message("a"), message("b", recipient="q")), Post()
    assert deliver(store, {"log": post}, NOW, retry=RETRY, paced=night) == Delivered()
    assert kept(store)["a"].next_at == NOW.replace(hour=6)
    gathering = Pacing({"log": DeliveryPolicy(gather_above=1)}, HOURS)
    store = outbox(*(message(name) for name in "abc"), message("d", recipient="q"))
    assert deliver(store, {"log": post}, NOW, retry=RETRY, paced=gathering) == Delivered(sent=4)
    (digest, single), *more = post.got
    assert more == []
    assert (digest.payload["title"], single.id) == ("3 条待办消息", "d")
    assert {item.status for item in kept(store).values()} == {"sent"}


def test_gathered_messages_come_back_together_and_apart_from_others() -> None:
    gathering = Pacing({"log": DeliveryPolicy(gather_above=1)}, HOURS)
    store = outbox(*(message(name) for name in "abc"), *(message(name, recipient="q") for name in "de"))
    deliver(store, {"log": Post(refuse)}, NOW, retry=RETRY, paced=gathering)
    found = kept(store)
    again = [{found[name].next_at for name in names} for names in ("abc", "de")]
    assert [len(instants) for instants in again] == [1, 1]
    assert again[0] != again[1]
    for instants in again:
        assert all(NOW + timedelta(seconds=59) < at <= NOW + timedelta(minutes=1) for at in instants if at)


class Failing(MemoryStore):
    """A store that takes nothing more once it is told so."""

    refusing = False

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        if self.refusing:
            raise OSError("disk full")
        with super().write() as transaction:
            yield transaction


@pytest.mark.parametrize("answers", [True, False])
def test_a_store_that_fails_is_told_at_the_end(answers: bool) -> None:
    store = Failing()
    with store.write() as transaction:
        transaction.outbox.put([message("a")])

    def answer(item: OutboxItem) -> Outcome | None:
        store.refusing = True
        return Outcome(item.id) if answers else None

    with pytest.raises(OSError, match="disk full"):
        deliver(store, {"log": Post(answer)}, NOW, retry=RETRY)
    assert kept(store)["a"].status == "waiting"
    with pytest.raises(OSError, match="disk full"):
        deliver(store, {"log": Post()}, NOW + timedelta(hours=1), retry=RETRY)


@given(
    st.lists(st.sampled_from(["taken", "refused", "final", "silent"]), min_size=1, max_size=6),
    st.integers(1, 4),
)
def test_every_item_is_counted_once(fates: list[str], batch: int) -> None:
    by_id = {f"m{number}": fate for number, fate in enumerate(fates)}

    def answer(item: OutboxItem) -> Outcome | None:
        fate = by_id[item.id]
        error = None if fate == "taken" else say("线路不通")
        return None if fate == "silent" else Outcome(item.id, error, final=fate == "final")

    post = Post(answer)
    post.batch = batch
    store = outbox(*(message(name) for name in by_id))
    found = deliver(store, {"log": post}, NOW, retry=RETRY)
    assert (found.sent, found.failed, found.incidents) == tuple(
        fates.count(fate) for fate in ("taken", "refused", "final")
    )
    assert sorted(name for ids in post.ids for name in ids) == sorted(by_id)


@pytest.mark.parametrize("left", [0, 1])
def test_nothing_is_claimed_for_a_channel_that_has_no_thread(
    left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine has so many threads left: the other channels send, and the next delivery finds what was not sent."""
    store = outbox(message("a", channel="first"), message("b", channel="second"))
    channels = {"first": Post(), "second": Post()}
    begun: list[threading.Thread] = []
    begin = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name.startswith("deliver"):
            if len(begun) >= left:
                raise RuntimeError("can't start new thread")
            begun.append(thread)
        begin(thread)

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", start)
        with pytest.raises(RuntimeError, match="thread"):
            deliver(store, channels, NOW, retry=RETRY)
    assert channels["first"].ids == [["a"]][:left]
    assert channels["second"].ids == []
    assert kept(store)["b"].leases == 0
    assert deliver(store, channels, NOW, retry=RETRY).sent == 2 - left
    assert channels["second"].ids == [["b"]]
