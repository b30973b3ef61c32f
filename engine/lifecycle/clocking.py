"""Which clocks start and stop when a case goes from one state to another. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from engine.language import say
from engine.lifecycle.case import RunningClock
from engine.lifecycle.expression import CannotEvaluate
from engine.lifecycle.model import Clock
from engine.lifecycle.process import Process


def clocks_after(
    process: Process, before: str | None, after: str, now: datetime, scope: Mapping[str, Any]
) -> dict[str, RunningClock | None]:
    """Return the clocks that start or stop when a case goes from state `before` to `after` at `now`."""
    if before == after:
        return {}
    starts, stops = process.clocks_moved(before, after)
    changed: dict[str, RunningClock | None] = {clock.id: None for clock in stops}
    for clock in starts:
        since = _since(process, clock, scope)
        try:
            changed[clock.id] = process.time.start(clock, now, since)
        except ValueError:
            raise CannotEvaluate(
                say(
                    "时限“{clock}”从 {start} 起算，超出日历所能计算的年份（1—9999 年），请核对日期",
                    clock=clock.title,
                    start=(since or now).astimezone(process.time.zone).date().isoformat(),
                )
            ) from None
    return changed


def _since(process: Process, clock: Clock, scope: Mapping[str, Any]) -> datetime | None:
    if clock.since is None:
        return None
    value = clock.since.value(scope)
    if value is None:
        return None
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        raise CannotEvaluate(
            say("时限“{clock}”的起算日应为日期，实为“{value}”", clock=clock.title, value=value)
        ) from None
    return datetime.combine(day, time(12), process.time.zone).astimezone(UTC)
