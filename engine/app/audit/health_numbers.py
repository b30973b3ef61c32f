"""Counts for monitoring; names no case or person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.app.audit.seals import STREAM
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.lifecycle.case import EventKind

#: Late tasks are counted up to this number.
MAX_LATE = 10_000


@dataclass(frozen=True, slots=True)
class HealthNumbers:
    """Counts at an instant. Ages and lags in seconds; None where there is nothing to measure."""

    #: workflow -> open cases
    open_cases: Mapping[str, int]
    #: Cases with a task that is late, up to `MAX_LATE`.
    overdue: int
    #: Due instants that sleep, and how late the earliest of them is (0 while none is due).
    timers: int
    sweep_lag: float
    #: Due instants set aside for a person.
    timer_incidents: int
    #: (kind, status) -> items
    outbox: Mapping[tuple[str, str], int]
    refusals: int
    events: int
    seal_age: float | None


def health_numbers(transaction: Transaction, now: datetime) -> HealthNumbers:
    """Count. Costs a look at every entry of the histories: ask every minute, not every second."""
    workflows = sorted({version.workflow for version in transaction.definitions.versions()})
    next_at = transaction.timers.next_at()
    sealed = transaction.events.last(STREAM)
    return HealthNumbers(
        open_cases={
            name: transaction.cases.count(CaseFilter(workflow=name, open=True)) for name in workflows
        },
        overdue=len({task.case for task in transaction.tasks.all(overdue_at=now, limit=MAX_LATE)}),
        timers=transaction.timers.count(),
        sweep_lag=max(0.0, (now - next_at).total_seconds()) if next_at else 0.0,
        timer_incidents=len(transaction.timers.incidents()),
        outbox=dict(transaction.outbox.counts()),
        refusals=transaction.events.count(EventKind.REFUSED.value),
        events=transaction.events.count(),
        seal_age=(now - sealed.at).total_seconds() if sealed else None,
    )
