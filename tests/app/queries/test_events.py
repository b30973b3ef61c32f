"""Events since a cursor: every event once, in the order of the commits, of cases one sees."""

from __future__ import annotations

import pytest
from small_bureau import SmallBureau, small_bureau

from engine.app.queries import events
from engine.app.queries.events import EventsSince, events_since


def since(bureau: SmallBureau, person: str, after: int = 0, limit: int = 100) -> EventsSince:
    found = events_since(bureau.application, person, after, limit)
    assert isinstance(found, EventsSince)
    return found


def test_every_event_once_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    bureau = small_bureau()
    cases = [bureau.start() for _ in range(3)]
    bureau.take(cases[1], "report", "clerk-1", {"found": "漏签", "count": 3})
    everything = since(bureau, "head-1")
    assert [(event.stream, event.seq) for _, event in everything.events] == [
        ("visit-1", 1),
        ("visit-2", 1),
        ("visit-3", 1),
        ("visit-2", 2),
    ]
    assert not everything.more
    assert since(bureau, "head-1", everything.cursor).events == []
    assert since(bureau, "head-1", everything.cursor).cursor == everything.cursor
    monkeypatch.setattr(events, "MAX_STATEMENTS", 2)
    seen: list[tuple[str, int]] = []
    cursor = 0
    while True:
        part = since(bureau, "head-1", cursor, 1)
        seen += [(event.stream, event.seq) for _, event in part.events]
        if part.cursor == cursor:
            break
        cursor = part.cursor
    assert seen == [(event.stream, event.seq) for _, event in everything.events]


def test_of_another_section_nothing() -> None:
    bureau = small_bureau()
    bureau.start()
    found = since(bureau, "clerk-9")
    assert found.events == []
    assert found.cursor == since(bureau, "head-1").cursor
