"""Clocks: the machine's, and one that is set by hand for tests, simulations and the demonstration year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.kernel.instants import require_aware


class SystemClock:
    """The clock of the machine, in UTC."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that keeps its instant until it is set."""

    def __init__(self, start: datetime) -> None:
        self._now = require_aware(start)

    def now(self) -> datetime:
        """Return the instant the clock is set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Set the clock; it may also go back, as clocks of machines do."""
        self._now = require_aware(instant)

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self._now += by
