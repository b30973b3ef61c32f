"""Tasks, timers and the outbox in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from heapq import nsmallest
from itertools import islice

from engine.app.ports.records import OutboxItem, Task, Timer
from engine.app.ports.task_query import TaskPlace, TaskQuery
from engine.kernel.instants import require_aware
from engine.store.codec import outbox_of, outbox_row, task_of, task_row, timer_of, timer_row
from engine.store.memory.undo_log import Groups, MemoryTable, Sorted, UndoLog

Key = tuple[str, str]

#: Sorts behind every day a task is due.
NEVER = datetime.max.replace(tzinfo=UTC)


class MemoryTasks:
    """`engine.app.ports.task_query.Tasks`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._by_case: Groups[Key, Task] = Groups(lambda task: task.case)
        self._by_key: Groups[Key, Task] = Groups(lambda task: task.key)
        self._tasks = MemoryTable(
            undo_log, self._by_case, self._by_key, table="task", row=lambda _, task: task_row(task)
        )

    def put(self, tasks: Sequence[Task]) -> None:
        """Store open tasks; one with the same case and key is replaced."""
        for task in tasks:
            self._tasks.put((task.case, task.key), task_of(task_row(task)))

    def drop(self, case_ids: Sequence[str]) -> None:
        """Remove all tasks of these cases."""
        for case_id in case_ids:
            for key in self._by_case.of(case_id):
                self._tasks.remove(key)

    def replace(self, case_ids: Sequence[str], tasks: Sequence[Task]) -> None:
        """Remove all tasks of these cases and store others of them."""
        self.drop(case_ids)
        self.put(tasks)

    def of_keys(self, keys: Sequence[str], *, limit: int = 1000) -> list[Task]:
        """Return tasks of any of the keys."""
        return self._first(limit, (t for key in dict.fromkeys(keys) for t in self._by_key.of(key)))

    def of_case(self, case_id: str) -> list[Task]:
        """Return the tasks of one case, ordered by key."""
        return [self._tasks.rows[key] for key in sorted(self._by_case.of(case_id))]

    def all(
        self, *, section: str | None = None, overdue_at: datetime | None = None, limit: int = 1000
    ) -> list[Task]:
        """Return open tasks, earliest due first."""
        late = None if overdue_at is None else require_aware(overdue_at)
        fitting = (
            key
            for key, task in self._tasks.rows.items()
            if (section is None or task.section == section)
            and (late is None or (task.due_at is not None and task.due_at <= late))
        )
        return self._first(limit, fitting)

    def page(
        self,
        wanted: TaskQuery,
        *,
        limit: int,
        after: TaskPlace | None = None,
        before: TaskPlace | None = None,
    ) -> list[Task]:
        """Return the tasks of the first `limit` cases behind `after`, or of the last ones in front of `before`."""
        places: dict[tuple[str, str], list[Task]] = {}
        for task in self._fitting(wanted):
            place = TaskPlace.of(task.due_at, task.case)
            places.setdefault((place.due, place.case), []).append(task)
        chosen = sorted(places, reverse=before is not None)
        if after is not None:
            chosen = [place for place in chosen if place > (after.due, after.case)]
        if before is not None:
            chosen = [place for place in chosen if place < (before.due, before.case)]
        return [task for place in chosen[:limit] for task in sorted(places[place], key=lambda t: t.key)]

    def count_cases(self, wanted: TaskQuery, *, most: int) -> int:
        """Return how many cases have a task that fits, `most` + 1 where there are more than `most`."""
        return min(len({task.case for task in self._fitting(wanted)}), most + 1)

    def _fitting(self, wanted: TaskQuery) -> Iterable[Task]:
        keys: Iterable[Key] = (
            self._tasks.rows
            if wanted.keys is None
            else (key for one in dict.fromkeys(wanted.keys) for key in self._by_key.of(one))
        )
        late = None if wanted.late_at is None else require_aware(wanted.late_at)
        for key in keys:
            task = self._tasks.rows[key]
            if (
                wanted.section in (None, task.section)
                and (wanted.open_to is None or task.assignee is None or task.assignee in wanted.open_to)
                and wanted.workflow in (None, task.workflow)
                and (wanted.due_from is None or (task.due_on is not None and task.due_on >= wanted.due_from))
                and (wanted.due_to is None or (task.due_on is not None and task.due_on <= wanted.due_to))
                and (not wanted.dated or task.due_at is not None)
                and (late is None or (task.due_at is not None and task.due_at <= late))
            ):
                yield task

    def _first(self, limit: int, keys: Iterable[Key]) -> list[Task]:
        return nsmallest(limit, (self._tasks.rows[key] for key in keys), key=_urgency)


def _urgency(task: Task) -> tuple[datetime, str, str]:
    return (task.due_at or NEVER, task.case, task.key)


class MemoryTimers:
    """`engine.app.ports.repositories.Timers`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._by_case: Groups[Key, Timer] = Groups(lambda timer: timer.case)
        self._in_time: Sorted[Key, Timer] = Sorted(lambda timer: (timer.at, timer.case, timer.name))
        self._waiting_timers = MemoryTable(
            undo_log,
            self._by_case,
            self._in_time,
            table="timer",
            row=lambda _, timer: (*timer_row(timer), None),
        )
        self._aside: MemoryTable[Key, tuple[Timer, str]] = MemoryTable(
            undo_log, table="timer", row=lambda _, kept: (*timer_row(kept[0]), kept[1])
        )

    def put(self, timers: Sequence[Timer]) -> None:
        """Set timers; one with the same case and name is replaced, also one that was set aside."""
        for timer in timers:
            key = (timer.case, timer.name)
            self._aside.remove(key)
            self._waiting_timers.put(key, timer_of(timer_row(timer)))

    def drop(self, keys: Sequence[tuple[str, str]]) -> None:
        """Remove timers, also those set aside."""
        for key in keys:
            self._waiting_timers.remove(key)
            self._aside.remove(key)

    def replace(self, keys: Sequence[tuple[str, str]], timers: Sequence[Timer]) -> None:
        """Remove some timers, and set others."""
        self.drop(keys)
        self.put(timers)

    def due(self, now: datetime, limit: int) -> list[Timer]:
        """Return up to `limit` timers that are due, earliest first."""
        until = require_aware(now)
        out: list[Timer] = []
        for at, case, name in islice(self._in_time.since(()), limit):
            if at > until:
                break
            out.append(self._waiting_timers.rows[case, name])
        return out

    def due_before(self, taken: Sequence[Timer]) -> set[str]:
        """Return none: one transaction writes at a time."""
        return set()

    def next_at(self) -> datetime | None:
        """Return when the earliest timer is due."""
        first = next(self._in_time.since(()), None)
        return first[0] if first else None

    def set_aside(self, timer: Timer, error: str) -> None:
        """Mark a timer as an incident."""
        key = (timer.case, timer.name)
        known = self._waiting_timers.get(key)
        if known is not None:
            self._waiting_timers.remove(key)
            self._aside.put(key, (known, error))

    def incidents(self) -> list[tuple[Timer, str]]:
        """Return the timers set aside, ordered by case and name."""
        return [incident for _, incident in sorted(self._aside.rows.items())]

    def incident(self, case_id: str, name: str) -> tuple[Timer, str] | None:
        """Return one timer if it is set aside, with what went wrong."""
        return self._aside.get((case_id, name))

    def of_case(self, case_id: str) -> list[Timer]:
        """Return the timers of one case that wait, ordered by name."""
        return [self._waiting_timers.rows[key] for key in sorted(self._by_case.of(case_id))]

    def provisional(self) -> list[str]:
        """Return the ids of cases with a provisional timer, ordered."""
        return sorted({timer.case for timer in self._waiting_timers.rows.values() if timer.provisional})

    def count(self) -> int:
        """Return how many timers wait."""
        return len(self._in_time)


class MemoryOutbox:
    """`engine.app.ports.repositories.Outbox`."""

    def __init__(self, undo_log: UndoLog) -> None:
        self._waiting: Groups[str, OutboxItem] = Groups(
            lambda item: item.channel if item.status == "waiting" else None
        )
        self._items = MemoryTable(
            undo_log, self._waiting, table="outbox", row=lambda _, item: outbox_row(item)
        )

    def put(self, items: Sequence[OutboxItem]) -> None:
        """Add items; one whose id is already there is left as it is."""
        for item in items:
            settled = outbox_of(outbox_row(item))
            if self._items.get(item.id) is None:
                self._items.put(item.id, settled)

    def take(self, now: datetime, limit: int, channels: Sequence[str]) -> list[OutboxItem]:
        """Return up to `limit` items whose time has come, oldest first."""
        at = require_aware(now)
        waiting = (self._items.rows[i] for channel in set(channels) for i in self._waiting.of(channel))
        ready = (item for item in waiting if item.next_at is None or item.next_at <= at)
        return nsmallest(limit, ready, key=_age)

    def sent(self, ids: Sequence[str], at: datetime) -> None:
        """Mark items as delivered."""
        moment = require_aware(at)
        for item_id in ids:
            item = self._items.get(item_id)
            if item is not None:
                self._items.put(
                    item_id,
                    replace(item, status="sent", sent_at=moment, next_at=None, error=None, leases=0),
                )

    def failed(
        self, item_id: str, error: str, retry_at: datetime | None, *, leases: int | None = None
    ) -> None:
        """Note a failed attempt; an item that was delivered meanwhile stays delivered."""
        item = self._items.get(item_id)
        again = None if retry_at is None else require_aware(retry_at)
        if item is not None and item.status != "sent" and leases in (None, item.leases):
            status = "incident" if again is None else "waiting"
            self._items.put(
                item_id,
                replace(
                    item, status=status, attempts=item.attempts + 1, next_at=again, error=error, leases=0
                ),
            )

    def lease(self, ids: Sequence[str], until: datetime, note: str) -> None:
        """Lease the items to one sender until an instant, without counting an attempt."""
        moment = require_aware(until)
        for item in self._in_status(ids, "waiting"):
            self._items.put(item.id, replace(item, next_at=moment, error=note, leases=item.leases + 1))

    def extend_lease(self, ids: Sequence[str], until: datetime) -> None:
        """Let waiting items wait until an instant."""
        moment = require_aware(until)
        for item in self._in_status(ids, "waiting"):
            self._items.put(item.id, replace(item, next_at=moment))

    def return_lease(self, items: Sequence[OutboxItem]) -> None:
        """End the lease of items that were not tried: they are again as they were when they were taken."""
        for given in items:
            for item in self._in_status([given.id], "waiting"):
                if item.leases != given.leases + 1:
                    continue
                back = replace(item, next_at=given.next_at, error=given.error, leases=given.leases)
                self._items.put(item.id, back)

    def retry(self, item_id: str) -> bool:
        """Let an incident be tried once more."""
        found = self._in_status([item_id], "incident")
        for item in found:
            self._items.put(item.id, replace(item, status="waiting", next_at=None, leases=0))
        return bool(found)

    def dismiss(self, item_id: str) -> bool:
        """Close an incident that is not to be tried again."""
        found = self._in_status([item_id], "incident")
        for item in found:
            self._items.put(item.id, replace(item, status="dismissed", next_at=None))
        return bool(found)

    def _in_status(self, ids: Sequence[str], status: str) -> list[OutboxItem]:
        found = (self._items.get(item_id) for item_id in dict.fromkeys(ids))
        return [item for item in found if item is not None and item.status == status]

    def incident(self, item_id: str) -> OutboxItem | None:
        """Return one item if it is an incident."""
        return next(iter(self._in_status([item_id], "incident")), None)

    def listed(self, *, status: str | None = None, limit: int = 1000) -> list[OutboxItem]:
        """Return items, newest first."""
        fitting = [item for item in self._items.rows.values() if status in (None, item.status)]
        return sorted(fitting, key=_age, reverse=True)[:limit]

    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return how many items there are by (kind, status)."""
        return dict(Counter((item.kind, item.status) for item in self._items.rows.values()))


def _age(item: OutboxItem) -> tuple[datetime, str]:
    return (item.created_at, item.id)
