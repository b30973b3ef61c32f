from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.history import replay as module
from engine.app.history.journal import add_entry
from engine.app.history.replay import begin, history, in_history, replay, with_texts
from engine.lifecycle.case import RunningClock
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.memory import MemoryStore

AT = datetime(2027, 3, 1, tzinfo=UTC)
CLOCK = RunningClock(
    started_at=AT, counted_from=AT, due_on=date(2027, 3, 5), due_at=AT + timedelta(days=4), provisional=False
)
START: dict[str, Any] = {
    "workflow": "visit",
    "version": 2,
    "state": "open",
    "title": "甲",
    "section": "north",
    "parent": None,
    "subject": {"id": "o-1", "name": "甲"},
}


def chain(*bodies: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    for number, body in enumerate(bodies, 1):
        previous = events[-1].hash if events else GENESIS
        at = AT + timedelta(hours=number - 1)
        events.append(follow("visit-1", number, at, "anna", "advanced", body, previous))
    return events


def test_the_first_event_makes_the_case() -> None:
    body = {
        **START,
        "parent": "batch-1",
        "fields": {"n": 1},
        "form": "note",
        "answers": {"found": "无"},
        "parties": {"team": ["p", "q"]},
        "clocks": {"state": CLOCK.as_json(), "other": None},
    }
    (event,) = chain(body)
    case = begin(event)
    assert (case.id, case.workflow, case.version, case.state) == ("visit-1", "visit", 2, "open")
    assert (case.rev, case.head, case.opened_at, case.entered_at) == (1, event.hash, AT, AT)
    assert (case.title, case.section, case.parent, case.subject) == (
        "甲",
        "north",
        "batch-1",
        START["subject"],
    )
    assert case.fields == {"n": 1}
    assert case.forms == {"note": {"found": "无"}}
    assert case.parties == {"team": ("p", "q")}
    assert case.clocks == {"state": CLOCK}
    assert case.open
    assert replay([event]) == case


def test_a_case_may_end_as_it_begins_and_a_form_may_be_empty() -> None:
    (event,) = chain({**START, "final": True, "form": "note", "answers": None})
    case = begin(event)
    assert case.closed_at == AT
    assert case.forms == {"note": {}}
    assert (case.clocks, case.parties, case.fields) == ({}, {}, {})


def test_every_further_event_changes_the_case() -> None:
    events = chain(
        {**START, "clocks": {"state": CLOCK.as_json()}},
        {"assignee": "anna", "fields": {"n": 2}},
        {"state": "closed", "final": True, "clocks": {"state": None}},
    )
    middle, last = replay(events[:2]), replay(events)
    assert (middle.state, middle.assignee, middle.rev, middle.head) == ("open", "anna", 2, events[1].hash)
    assert (last.state, last.assignee, last.rev, last.head) == ("closed", None, 3, events[2].hash)
    assert last.closed_at == last.entered_at == AT + timedelta(hours=2)
    assert (last.fields, last.clocks) == ({"n": 2}, {})


def test_no_history_makes_no_case() -> None:
    with pytest.raises(ValueError, match="without entries"):
        replay([])


@pytest.fixture
def _pages_of_three() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PAGE", 3)
        yield


@pytest.mark.usefixtures("_pages_of_three")
@given(st.integers(0, 10))
def test_a_history_is_whole_however_many_pages_it_has(count: int) -> None:
    store = MemoryStore()
    with store.write() as transaction:
        for number in range(count):
            add_entry(transaction, AT, "kind", "anna", {"n": number})
        add_entry(transaction, AT, "kind", "anna", {}, "other")
    with store.read() as transaction:
        found = list(history(transaction, "office"))
        assert found == transaction.events.of("office")
    assert [event.body["n"] for event in found] == list(range(count))


def test_personal_texts_stand_beside_a_history_and_are_read_back_into_it() -> None:
    (first,) = chain({**START, "form": "note", "answers": {"phone": {"$personal": "t-1"}}})
    assert with_texts(first, None) is first
    case = begin(first)
    assert in_history(case) is case
