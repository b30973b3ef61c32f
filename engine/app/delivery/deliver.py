"""Delivery: the items of the outbox are given to their channels, outside of any transaction, and marked item by item.

At least once: an item is first claimed (its next instant is pushed beyond a lease, in a transaction of its own),
then sent, then marked. Whoever dies in between leaves an item that comes back when the lease has run out, with the
same id, so that the receiver can drop the repeat. Two processes that deliver at once claim different items.
A claim is no attempt: only what a channel answered counts as one, and not even that where it could not begin to work
(its disk is full, the store is locked): that says nothing about the item.

Where several processes deliver, a claim is short and renewed for as long as its sender lives, so that the others
need not wait long for what a dead one held (`Retry.lease_seconds`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Protocol

from engine.app.delivery import quiet_hours as pacing
from engine.app.delivery.call_answers import keep_answer
from engine.app.ports.records import OutboxItem
from engine.app.ports.store import ENVIRONMENT_ERRORS, Clock, Store, Transaction
from engine.kernel.instants import require_aware
from engine.language import Message, say

#: The most items read at once of a channel that keeps hours or gathers: a person's messages are seen together.
MAX_GATHERED = 100_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: taken when there is no `error`."""

    #: The id of the item.
    item: str
    error: Message | None = None
    #: Trying again cannot help (no such mailbox, content refused): a person has to look at it now.
    final: bool = False
    #: The channel could not work: nothing was tried, and no attempt is counted. The item comes again a little later.
    unavailable: bool = False
    #: What another system has answered to a call; None: nothing was asked of it.
    answer: Mapping[str, Any] | None = None

    @property
    def plainly_sent(self) -> bool:
        """Tell whether the item was taken, and nothing is to be kept of it but that."""
        return self.error is None and self.answer is None


class Channel(Protocol):
    """Sends outbox items: mail, webhook, file."""

    @property
    def batch(self) -> int:
        """Return how many items at most go into one `send`; a crash repeats at most so many."""
        ...

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Hand over the items and say what became of each.

        An item that is left out of the answer was not tried; it keeps its claim and comes again later. Must return
        within the lease. Raises nothing; what it raises all the same counts as a failure of every item, unless it
        says that the environment failed (`ENVIRONMENT_ERRORS`): then none of them was tried.
        """
        ...


@dataclass(frozen=True, slots=True)
class Retry:
    """When a failed item is tried again."""

    #: Minutes to wait after the first, second, … failure; after the last the item becomes an incident.
    minutes: tuple[int, ...]
    #: Minutes a claim lasts at most. A channel answers well within them.
    lease: int
    #: Seconds after which the claim of a sender that died falls to the others; None: after the whole lease. A sender
    #: that lives renews its claims three times as often, until the lease is over.
    lease_seconds: int | None = None

    @property
    def longest(self) -> timedelta:
        """Return how long a claim may be renewed."""
        return timedelta(minutes=self.lease)

    @property
    def claim(self) -> timedelta:
        """Return for how long a claim is made at first."""
        return self.longest if self.lease_seconds is None else timedelta(seconds=self.lease_seconds)


@dataclass(frozen=True, slots=True)
class Pacing:
    """The manners of the channels that have some, and the office days they are counted with."""

    paces: Mapping[str, pacing.DeliveryPolicy]
    services: pacing.OfficeHours


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one delivery did, in items."""

    sent: int = 0
    #: Failed and waiting for another try.
    failed: int = 0
    #: Failed for the last time; listed among the incidents.
    incidents: int = 0
    #: Something went out and a channel reached the limit: there may be more to send at once.
    more: bool = False


def deliver(
    store: Store,
    channels: Mapping[str, Channel],
    now: datetime,
    limit: int = 200,
    *,
    retry: Retry,
    paced: Pacing | None = None,
    clock: Clock | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Send what is due in the outbox, at most `limit` messages per channel; items of other channels are left alone.

    With a `clock`, claims are counted from the instant at which they are made; without one, everything happens at
    `now`. Once `stopping` says so nothing more is claimed, and what was claimed but not tried is given back.

    A channel named in `paced` keeps its hours, and may gather the items for one person into one message. The
    channels work side by side, so a slow or broken one does not hold up another. Raises what the store raises, after
    everything that was sent has been marked as far as possible.
    """
    at = require_aware(now)
    work = _Round(store, channels, clock.now if clock else lambda: at, limit, retry, paced, stopping)
    return work.run()


#: A message as it is sent, with the items it stands for.
_Batch = tuple[OutboxItem, list[OutboxItem]]


@dataclass(slots=True)
class _Sending:
    """One batch of a channel under way: what was claimed, when, and when the claim was last renewed."""

    channel: str
    batches: Sequence[_Batch]
    began: datetime
    renewed_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.renewed_at = self.began


class _Round:
    """One delivery: the calling thread does all the bookkeeping, one thread per channel does the sending."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        limit: int,
        retry: Retry,
        paced: Pacing | None,
        stopping: Callable[[], bool],
    ) -> None:
        self.store = store
        self.channels = channels
        self.now = now
        self.retry = retry
        self.paced = paced
        self.stopping = stopping
        self.left = dict.fromkeys(channels, limit)
        self.sent = self.failed = self.incidents = 0
        self.problem: Exception | None = None
        #: Channel -> the one thread it sends in, once there is something to send.
        self.threads: dict[str, ThreadPoolExecutor] = {}

    def run(self) -> Delivered:
        if self.channels:
            with ExitStack() as threads:
                self._send_all(threads)
        if self.problem is not None:
            raise self.problem
        more = self.sent > 0 and any(left <= 0 for left in self.left.values())
        return Delivered(self.sent, self.failed, self.incidents, more)

    def _send_all(self, threads: ExitStack) -> None:
        running: dict[Future[list[Outcome]], _Sending] = {}
        waiting = list(self.channels)
        seconds = self.retry.lease_seconds
        while waiting or running:
            for name in waiting:
                began = self.now()
                if batches := self._claim(name, threads):
                    messages = [message for message, _ in batches]
                    sending = self.threads[name].submit(_ask, self.channels[name], messages)
                    running[sending] = _Sending(name, batches, began)
            waiting = []
            ended = wait(running, None if seconds is None else seconds / 3, FIRST_COMPLETED).done
            for done in ended:
                batch = running.pop(done)
                self._mark_all(batch, done.result())
                waiting.append(batch.channel)
            if seconds is not None:
                self._renew(list(running.values()))

    @contextmanager
    def _noting(self) -> Iterator[list[Exception]]:
        """Keep what the store raises for the end, when the other items and channels are through; yields a list of it."""
        noted: list[Exception] = []
        try:
            yield noted
        except Exception as problem:  # noqa: BLE001 - the store: the other items and channels go on all the same
            noted.append(problem)
            self.problem = self.problem or problem

    def _renew(self, under_way: Sequence[_Sending]) -> None:
        """Keep the claims on what is being sent, but for what has been under way for the whole lease."""
        now = self.now()
        due = [batch for batch in under_way if now - batch.renewed_at >= self.retry.claim / 3]
        kept = [batch for batch in due if now + self.retry.claim <= batch.began + self.retry.longest]
        if not kept:
            return
        # Where it cannot be kept somebody else may send it too, with the same id.
        with self._noting() as noted, self.store.write() as transaction:
            for batch in kept:
                for until, ids in self._each_by(batch.channel, batch.batches, now + self.retry.claim):
                    transaction.outbox.extend_lease(ids, until)
        if noted:
            return
        for batch in kept:
            batch.renewed_at = now

    def _start(self, name: str, threads: ExitStack) -> None:
        """Begin the thread a channel sends in. Raises RuntimeError where the machine has none left."""
        if name not in self.threads:
            started = ThreadPoolExecutor(1, thread_name_prefix="deliver")
            started.submit(int).result()
            self.threads[name] = threads.enter_context(started)

    def _claim(self, name: str, threads: ExitStack) -> list[_Batch]:
        """Take the next items of a channel, for as long as the lease."""
        count = min(self.channels[name].batch, self.left[name])
        if count < 1 or self.stopping():
            return []
        taken, ready = 0, list[_Batch]()
        with self._noting() as noted:
            # Mostly there is nothing more: one look, and nobody waits for the one who writes.
            with self.store.read() as transaction:
                due = transaction.outbox.take(self.now(), 1, [name])
            if due:
                # Before anything is claimed: what cannot be sent for want of a thread would wait until the lease is over.
                self._start(name, threads)
                with self.store.write() as transaction:
                    taken, ready = self._take(transaction, name, count)
        if noted:
            return []
        self.left[name] -= len(ready)
        # A whole batch of exhausted or deferred items must not end the work on the channel.
        return ready if ready or not taken else self._claim(name, threads)

    def _take(self, transaction: Transaction, name: str, count: int) -> tuple[int, list[_Batch]]:
        """Return how many items were looked at, and those to send now, claimed."""
        pace = self.paced.paces.get(name) if self.paced else None
        most = count if pace is None or pace.plain else MAX_GATHERED
        now = self.now()
        taken = transaction.outbox.take(now, most, [name])
        exhausted = [item for item in taken if self._retries_exhausted(item)]
        for item in exhausted:
            transaction.outbox.failed(item.id, str(_no_result()), None)
        self.incidents += len(exhausted)
        self.left[name] -= len(exhausted)
        fresh = [item for item in taken if item not in exhausted] if exhausted else taken
        if pace is not None and self.paced is not None:
            fresh = self._hold(transaction, pace, self.paced.services, fresh, now)
            groups = pacing.batches(pace, fresh)[:count]
            batches = [(pacing.digest(pace, group), group) for group in groups]
        else:
            batches = [(item, [item]) for item in fresh]
        under_way = str(say("正在发送；若一直没有结果，发送的进程可能已中断"))
        for until, ids in self._each_by(name, batches, now + self.retry.claim):
            transaction.outbox.lease(ids, until, under_way)
        return len(taken), batches

    def _each_by(
        self, name: str, batches: Sequence[_Batch], at: datetime
    ) -> Iterator[tuple[datetime, list[str]]]:
        """Yield instants within the second before `at`, with the ids of the items that are to come back then.

        Where messages are gathered each message has an instant of its own, always as far before: what comes back at one
        instant was sent together (`pacing.batches`), and two batches for one person must not become a third.
        """
        later: dict[timedelta, list[str]] = {}
        for message, items in batches:
            later.setdefault(self._offset(name, message), []).extend(item.id for item in items)
        for offset, ids in later.items():
            yield at - offset, ids

    def _offset(self, name: str, message: OutboxItem) -> timedelta:
        pace = self.paced.paces.get(name) if self.paced else None
        if pace is None or not pace.gathers:
            return timedelta(0)
        return timedelta(microseconds=int(sha256(message.id.encode()).hexdigest()[:5], 16) % 1_000_000)

    def _hold(
        self,
        transaction: Transaction,
        pace: pacing.DeliveryPolicy,
        services: pacing.OfficeHours,
        items: list[OutboxItem],
        now: datetime,
    ) -> list[OutboxItem]:
        """Put off what has to wait; returns the others."""
        ready: list[OutboxItem] = []
        later: dict[datetime, list[str]] = {}
        for item in items:
            until = pacing.deferred_until(pace, services, item, now)
            if until is None:
                ready.append(item)
            else:
                later.setdefault(until, []).append(item.id)
        for until, ids in later.items():
            transaction.outbox.extend_lease(ids, until)
        return ready

    def _mark_all(self, batch: _Sending, outcomes: Sequence[Outcome]) -> None:
        claimed = {message.id: (message, items) for message, items in batch.batches}
        # Popped: an item answered for twice is marked once, the first answer counts.
        marking = [
            (found, outcome) for outcome in outcomes if (found := claimed.pop(outcome.item, None)) is not None
        ]
        plain = [found[1] for found, outcome in marking if outcome.plainly_sent]
        together = len(plain) > 1 and self._mark_sent(plain)
        for found, outcome in marking:
            if together and outcome.plainly_sent:
                continue
            with self._noting():
                self._mark(found[1], outcome, self._offset(batch.channel, found[0]))
        if claimed:
            self._leave(batch.channel, list(claimed.values()), batch.began)

    def _leave(self, name: str, untried: Sequence[_Batch], began: datetime) -> None:
        """Let what a channel did not try come again: at once where we are about to stop, else after the lease."""
        # Where that fails the claim runs out by itself.
        with self._noting(), self.store.write() as transaction:
            if self.stopping():
                transaction.outbox.return_lease([item for _, items in untried for item in items])
            else:
                for until, ids in self._each_by(name, untried, began + self.retry.longest):
                    transaction.outbox.extend_lease(ids, until)

    def _mark_sent(self, batches: Sequence[Sequence[OutboxItem]]) -> bool:
        """Mark what went out in one transaction; tell whether it could be, as else each is marked alone."""
        items = [item for batch in batches for item in batch]
        before = self.problem
        with self._noting() as noted, self.store.write() as transaction:
            transaction.outbox.sent([item.id for item in items], self.now())
        if noted:
            # Each has its own try, which says what is wrong with it.
            self.problem = before
            return False
        self.sent += len(items)
        return True

    def _mark(self, items: Sequence[OutboxItem], outcome: Outcome, offset: timedelta) -> None:
        if outcome.error is None:
            with self.store.write() as transaction:
                transaction.outbox.sent([item.id for item in items], self.now())
                if outcome.answer is not None:
                    keep_answer(transaction, items[0], outcome.answer, self.now())
            self.sent += len(items)
            return
        # One instant for all of them: they come back together.
        at = self.now() - offset
        if outcome.unavailable:
            later = at + timedelta(minutes=self.retry.minutes[0] if self.retry.minutes else self.retry.lease)
            with self.store.write() as transaction:
                transaction.outbox.return_lease(
                    [replace(item, next_at=later, error=str(outcome.error)) for item in items]
                )
            self.failed += len(items)
            return
        again = [None if outcome.final else self._again(item, at) for item in items]
        with self.store.write() as transaction:
            for item, retry_at in zip(items, again, strict=True):
                # Of our own lease alone: where it ran out, whoever holds the item now says what becomes of it.
                transaction.outbox.failed(item.id, str(outcome.error), retry_at, leases=item.leases + 1)
        self.incidents += sum(retry_at is None for retry_at in again)
        self.failed += sum(retry_at is not None for retry_at in again)

    def _again(self, item: OutboxItem, at: datetime) -> datetime | None:
        if item.attempts >= len(self.retry.minutes):
            return None
        return at + timedelta(minutes=self.retry.minutes[item.attempts])

    def _retries_exhausted(self, item: OutboxItem) -> bool:
        """Tell whether an item has been claimed in vain too often.

        A lease that ran out without an answer counts half an attempt: a crash of ours is not the fault of the item,
        but an item that kills whoever sends it must come to an end.
        """
        return item.leases > 0 and item.attempts + item.leases // 2 > len(self.retry.minutes)


def _no_result() -> Message:
    return say("多次发送都没有结果（发送的进程中断或通道不答复），已停止重试；请检查该通道后人工处理")


def _ask(channel: Channel, items: Sequence[OutboxItem]) -> list[Outcome]:
    try:
        return channel.send(items)
    except Exception as problem:  # noqa: BLE001 - a channel may break in any way without harm to the others
        error = say("通道出错：{kind}：{problem}", kind=type(problem).__name__, problem=problem)
        unavailable = isinstance(problem, ENVIRONMENT_ERRORS)
        return [Outcome(item.id, error, unavailable=unavailable) for item in items]
