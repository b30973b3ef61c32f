"""Instants as text: aware, UTC, to the microsecond, so that texts sort as the instants do."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from functools import lru_cache

#: The zone of the law where no bureau says another: the whole country has one.
STANDARD_ZONE = "Asia/Shanghai"


def require_aware(instant: datetime) -> datetime:
    """Return `instant` in UTC. Raises ValueError for a naive one: it is unknown which moment it means."""
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {instant.isoformat()}: give it a time zone")
    return instant.astimezone(UTC)


def to_text(instant: datetime) -> str:
    """Return ``2024-09-14T01:02:03.000004Z``. Raises ValueError for a naive datetime."""
    # Only texts of UTC are kept: the two moments of an hour that a zone repeats are equal as local times.
    return _utc_text(instant if instant.tzinfo is UTC else require_aware(instant))


@lru_cache(maxsize=4096)
def _utc_text(instant: datetime) -> str:
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=4096)
def from_text(text: str) -> datetime:
    """Return the instant `to_text` wrote."""
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=UTC)


def local_second(instant: datetime, zone: tzinfo) -> str:
    """Return an instant to the second, as people of `zone` read it."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def local_minute(instant: datetime, zone: tzinfo) -> str:
    """Return an instant to the minute, as people of `zone` read it."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")
