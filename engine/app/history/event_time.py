"""When an entry happened: never before the entry it follows, whatever the clock of the machine says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

#: The key of a body that holds by how many seconds the clock was behind the entry before.
KEY = "clock_behind"
_NOTED = timedelta(seconds=1)


def event_time(now: datetime, last: datetime | None) -> datetime:
    """Return the instant of an entry that follows one of `last`."""
    return now if last is None or last <= now else last


def behind(now: datetime, at: datetime) -> dict[str, Any]:
    """Return what a body says of a clock that read `now` when the entry is of `at`; nothing up to a second."""
    return {KEY: (at - now) // _NOTED} if at is not now and at - now > _NOTED else {}
