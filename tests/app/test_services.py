from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

from engine.app.definitions.cache import DefinitionCache
from engine.app.people.directory_cache import DirectoryCache
from engine.app.services import Services
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.memory import MemoryStore


def make() -> Services:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    return Services(MemoryStore(), VirtualClock(datetime(2027, 3, 1, tzinfo=UTC)), DefinitionCache(keeping))


def test_what_is_left_out_is_the_quiet_choice() -> None:
    made = make()
    assert made.channels == ("log",)
    assert made.settings == {}
    assert made.renderer is None
    assert made.late_after == timedelta(hours=1)


def test_two_deployments_share_nothing() -> None:
    one, other = make(), make()
    assert isinstance(one.directory_cache, DirectoryCache)
    assert one.directory_cache is not other.directory_cache
    assert one.settings is not other.settings
    assert "directory_cache" not in repr(one)


def test_what_is_read_in_a_block_is_read_together_where_the_store_can() -> None:
    asked: list[str] = []

    class Together(MemoryStore):
        @contextmanager
        def reading(self) -> Iterator[None]:
            asked.append("together")
            yield

    made = make()
    with made.reading():
        assert asked == []
    made.store = Together()
    with made.reading():
        assert asked == ["together"]
