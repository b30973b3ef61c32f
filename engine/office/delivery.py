"""Delivery: what lies in the outbox is handed to its channels, outside of any transaction, and marked item by item.

At least once: an item is first claimed (its next instant is pushed beyond a lease, in a transaction of its own),
then sent, then marked. Whoever dies in between leaves an item that comes back when the lease has run out, with the
same id, so that the receiver can drop the repeat. Two processes that deliver at once claim different items.
A claim is no attempt: only what a channel answered counts as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from engine.language import Message, say
from engine.lifecycle.instants import require_aware
from engine.office.ports import Store
from engine.office.rows import Outgoing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one item: taken when there is no `error`."""

    #: The id of the item.
    item: str
    error: Message | None = None
    #: Trying again cannot help (no such mailbox, content refused): a person has to look at it now.
    final: bool = False


class Channel(Protocol):
    """A way out of the house."""

    @property
    def batch(self) -> int:
        """Return how many items at most go into one `send`; a crash repeats at most so many."""
        ...

    def send(self, items: Sequence[Outgoing]) -> list[Outcome]:
        """Hand over the items and say what became of each.

        An item that is left out of the answer was not tried; it keeps its claim and comes again later. Must return
        within the lease. Raises nothing; what it raises all the same counts as a failure of every item.
        """
        ...


@dataclass(frozen=True, slots=True)
class Retry:
    """When a failed item is tried again."""

    #: Minutes to wait after the first, second, … failure; after the last the item becomes an incident.
    minutes: tuple[int, ...]
    #: Minutes a claim lasts. A channel answers well within them.
    lease: int


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
    store: Store, channels: Mapping[str, Channel], now: datetime, limit: int = 200, *, retry: Retry
) -> Delivered:
    """Send what is due in the outbox, at most `limit` items per channel; items of other channels are left alone.

    The channels work side by side, so a slow or broken one does not hold up another. Raises what the store raises,
    after everything that was sent has been marked as far as possible.
    """
    return _Round(store, channels, require_aware(now), limit, retry).run()


class _Round:
    """One delivery: the calling thread does all the bookkeeping, one thread per channel does the sending."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], now: datetime, limit: int, retry: Retry
    ) -> None:
        self.store = store
        self.channels = channels
        self.now = now
        self.retry = retry
        self.left = dict.fromkeys(channels, limit)
        self.sent = self.failed = self.incidents = 0
        self.problem: Exception | None = None

    def run(self) -> Delivered:
        if self.channels:
            with ThreadPoolExecutor(len(self.channels), thread_name_prefix="deliver") as pool:
                self._turn_over(pool)
        if self.problem is not None:
            raise self.problem
        more = self.sent > 0 and any(left <= 0 for left in self.left.values())
        return Delivered(self.sent, self.failed, self.incidents, more)

    def _turn_over(self, pool: ThreadPoolExecutor) -> None:
        running: dict[Future[list[Outcome]], tuple[str, list[Outgoing]]] = {}
        waiting = list(self.channels)
        while waiting or running:
            for name in waiting:
                if items := self._claim(name):
                    running[pool.submit(_ask, self.channels[name], items)] = (name, items)
            waiting = []
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                name, items = running.pop(done)
                self._mark_all(items, done.result())
                waiting.append(name)

    def _claim(self, name: str) -> list[Outgoing]:
        """Take the next items of a channel, for as long as the lease."""
        count = min(self.channels[name].batch, self.left[name])
        if count < 1:
            return []
        until = self.now + timedelta(minutes=self.retry.lease)
        under_way = str(say("正在发送；若一直没有结果，发送的进程可能已中断"))
        ready: list[Outgoing] = []
        try:
            with self.store.write() as unit:
                taken = unit.outbox.take(self.now, count, [name])
                for item in taken:
                    if self._spent(item):
                        unit.outbox.failed(item.id, str(_no_result()), None)
                    else:
                        ready.append(item)
                unit.outbox.claim([item.id for item in ready], until, under_way)
        except Exception as problem:  # noqa: BLE001 - the store: told at the end, when the other channels are through
            self.problem = self.problem or problem
            return []
        self.left[name] -= len(taken)
        self.incidents += len(taken) - len(ready)
        # A whole batch of worn-out items must not end the channel's turn.
        return ready if ready or not taken else self._claim(name)

    def _mark_all(self, items: Sequence[Outgoing], outcomes: Sequence[Outcome]) -> None:
        claimed = {item.id: item for item in items}
        for outcome in outcomes:
            # Popped: an item answered for twice is marked once, the first answer counts.
            if item := claimed.pop(outcome.item, None):
                try:
                    self._mark(item, outcome)
                except Exception as problem:  # noqa: BLE001 - the store: the other items are marked all the same
                    self.problem = self.problem or problem

    def _mark(self, item: Outgoing, outcome: Outcome) -> None:
        if outcome.error is None:
            with self.store.write() as unit:
                unit.outbox.sent([item.id], self.now)
            self.sent += 1
            return
        again = None if outcome.final else self._again(item)
        with self.store.write() as unit:
            unit.outbox.failed(item.id, str(outcome.error), again)
        if again is None:
            self.incidents += 1
        else:
            self.failed += 1

    def _again(self, item: Outgoing) -> datetime | None:
        if item.attempts >= len(self.retry.minutes):
            return None
        return self.now + timedelta(minutes=self.retry.minutes[item.attempts])

    def _spent(self, item: Outgoing) -> bool:
        """Tell whether an item has been claimed in vain too often.

        A lease that ran out without an answer counts half an attempt: a crash of ours is not the fault of the item,
        but an item that kills whoever sends it must come to an end.
        """
        return item.claims > 0 and item.attempts + item.claims // 2 > len(self.retry.minutes)


def _no_result() -> Message:
    return say("多次发送都没有结果（发送的进程中断或通道不答复），已停止重试；请检查该通道后人工处理")


def _ask(channel: Channel, items: Sequence[Outgoing]) -> list[Outcome]:
    try:
        return channel.send(items)
    except Exception as problem:  # noqa: BLE001 - a channel may break in any way without harm to the others
        error = say("通道出错：{kind}：{problem}", kind=type(problem).__name__, problem=problem)
        return [Outcome(item.id, error) for item in items]
