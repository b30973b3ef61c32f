from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.store.memory.history import MemoryCases, MemoryEvents
from engine.store.memory.undo_log import UndoLog
from engine.store.problem import ReadOnlyTransactionError

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def make(case_id: str, **more: Any) -> Case:
    values = {
        "workflow": "w",
        "version": 1,
        "state": "s",
        "rev": 1,
        "head": "a",
        "title": "t",
        "section": None,
    }
    return Case(**{"id": case_id, **values, "opened_at": NOW, "entered_at": NOW, **more})


def writable() -> UndoLog:
    undo_log = UndoLog()
    undo_log.open = True
    return undo_log


def test_cases_are_added_once_and_saved_from_the_revision_that_was_seen() -> None:
    undo_log = writable()
    cases = MemoryCases(undo_log)
    cases.add([make("a", parties={"people": ("p",)}), make("b")])
    with pytest.raises(ConflictError, match="b"):
        cases.add([make("b")])
    assert cases.get("a", lock=True) == make("a", parties={"people": ("p",)})
    assert cases.get("z") is None
    cases.save(make("a", rev=2), 1)
    for case, seen in ((make("a", rev=3), 1), (make("z"), 1)):
        with pytest.raises(ConflictError, match=case.id):
            cases.save(case, seen)
    cases.save_many([(make("a", rev=3), 2), (make("b", rev=2), 1)])
    cases.save_in_place([(make("b", rev=3, title="u"), 2)])
    assert cases.many(["b", "z", "a"]) == {"b": make("b", rev=3, title="u"), "a": make("a", rev=3)}
    assert set(cases.lock_available(["a", "z"])) == {"a"}


def test_what_is_kept_is_a_copy() -> None:
    cases = MemoryCases(writable())
    fields: dict[str, Any] = {"list": [1]}
    cases.add([make("a", fields=fields)])
    fields["list"].append(2)
    found = cases.get("a")
    assert found is not None
    assert found.fields == {"list": [1]}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (CaseFilter(), ["a", "b", "c", "d"]),
        (CaseFilter(workflow="v"), ["d"]),
        (CaseFilter(state="t"), ["c"]),
        (CaseFilter(parent="a"), ["b", "c"]),
        (CaseFilter(section="north"), ["b"]),
        (CaseFilter(subject="o"), ["a", "d"]),
        (CaseFilter(subject="o", workflow="w"), ["a"]),
        (CaseFilter(open=True), ["a", "b", "d"]),
        (CaseFilter(open=False), ["c"]),
        (CaseFilter(opened_from=NOW + timedelta(days=1)), ["c", "d"]),
        (CaseFilter(opened_before=NOW + timedelta(days=1)), ["a", "b"]),
        (CaseFilter(opened_before=datetime(2027, 3, 2, 8, tzinfo=timezone(timedelta(hours=8)))), ["a", "b"]),
    ],
)
def test_cases_that_fit(wanted: CaseFilter, expected: list[str]) -> None:
    cases = MemoryCases(writable())
    later = NOW + timedelta(days=1)
    cases.add(
        [
            make("d", workflow="v", subject={"id": "o"}, opened_at=later),
            make("c", parent="a", state="t", closed_at=NOW, opened_at=later),
            make("b", parent="a", section="north"),
            make("a", subject={"id": "o"}),
        ]
    )
    assert [case.id for case in cases.find(wanted)] == expected
    assert cases.count(wanted) == len(expected)
    assert [case.id for case in cases.find(wanted, limit=1)] == expected[:1]
    assert [case.id for case in cases.find(wanted, after="b")] == [one for one in expected if one > "b"]


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2027, 3, 1)  # noqa: DTZ001 - what must be refused
    with pytest.raises(ValueError, match="naive"):
        MemoryCases(writable()).count(CaseFilter(opened_from=naive))


def test_open_children_outside_some_states() -> None:
    cases = MemoryCases(writable())
    cases.add([make(f"c{n}", parent="p", state=f"s{n // 2}") for n in range(6)])
    cases.add([make("x", parent="p", workflow="other", state="s9"), make("y", parent="q", state="s9")])
    assert cases.has_open_children_outside("p", "w", ["s0", "s1"])
    assert not cases.has_open_children_outside("p", "w", ["s0", "s1", "s2"])
    assert not cases.has_open_children_outside("none", "w", [])
    for one in ("c4", "c5"):
        cases.save(make(one, parent="p", state="s2", rev=2, closed_at=NOW), 1)
    assert not cases.has_open_children_outside("p", "w", ["s0", "s1"])
    assert cases.has_open_children_outside("q", "w", [])


def test_numbers_are_taken_in_runs_and_given_back() -> None:
    undo_log = writable()
    cases = MemoryCases(undo_log)
    assert cases.last_number("w") == 0
    assert [cases.number("w", 3), cases.number("w"), cases.number("v")] == [1, 4, 1]
    mark = undo_log.mark
    assert cases.number("w", 10) == 5
    undo_log.back_to(mark)
    assert (cases.last_number("w"), cases.number("w")) == (4, 5)


def chain(stream: str, count: int, since: Event | None = None, kind: str = "advanced") -> list[Event]:
    made: list[Event] = []
    for _ in range(count):
        last = made[-1] if made else since
        seq, previous = (last.seq + 1, last.hash) if last else (1, GENESIS)
        made.append(follow(stream, seq, NOW, "p", kind, {"n": seq}, previous))
    return made


def test_histories_are_read_in_pieces() -> None:
    events = MemoryEvents(writable())
    one, two = chain("case-2", 4), chain("case-1", 1, kind="started")
    events.append([one[0], two[0], *one[1:]])
    assert events.of("case-2") == one
    assert events.of("case-2", after=1, limit=2) == one[1:3]
    assert events.of("none") == []
    assert events.last("case-2") == one[3]
    assert events.last("none") is None
    assert events.newest(["none", "case-2"]) == ("", one[3].hash)
    assert list(events.streams()) == ["case-1", "case-2"]
    assert list(events.streams(prefix="case-2")) == ["case-2"]
    assert events.hashes("case-2", after=3) == [one[3].hash]
    assert events.hashes("none") == []
    assert list(events.last_hashes()) == [("case-1", 1, two[0].hash), ("case-2", 4, one[3].hash)]
    assert (events.count(), events.count("started"), events.count("none")) == (5, 1, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: replace(event, seq=event.seq + 1),
        lambda event: replace(event, seq=event.seq - 1),
        lambda event: replace(event, previous="b" * 64),
    ],
)
def test_an_event_that_is_not_the_next_is_refused(change: Callable[[Event], Event]) -> None:
    events = MemoryEvents(writable())
    stored = chain("a", 2)
    events.append(stored)
    for following in (chain("a", 1, stored[-1])[0], chain("b", 1)[0]):
        with pytest.raises(ConflictError, match=following.stream):
            events.append([change(following)])
    assert events.of("a") == stored
    assert list(events.streams()) == ["a"]


def test_events_that_are_undone_leave_no_stream() -> None:
    undo_log = writable()
    events = MemoryEvents(undo_log)
    events.append(chain("a", 1))
    mark = undo_log.mark
    events.append([*chain("a", 2, events.last("a")), *chain("b", 2)])
    undo_log.back_to(mark)
    assert list(events.last_hashes()) == [("a", 1, chain("a", 1)[0].hash)]
    undo_log.open = False
    with pytest.raises(ReadOnlyTransactionError):
        events.append(chain("b", 1))
    assert list(events.streams()) == ["a"]
