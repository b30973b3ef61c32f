"""The chain of a history: whatever is edited, taken out, put in or moved is found; and values survive being written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.instants import from_text, to_text
from engine.language import DefinedText
from engine.lifecycle.case import Change, RunningClock
from engine.lifecycle.chain import GENESIS, Event, breaks, canonical, follow

START = datetime(2024, 9, 2, 2, tzinfo=UTC)

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
#: The shape of a body does not matter to the chain, only that it differs.
bodies = st.lists(st.builds(lambda n: {"n": n}, st.integers(0, 3)), min_size=1, max_size=6)


def chain(parts: list[dict[str, object]], stream: str = "visit-1") -> list[Event]:
    """Return the history these bodies make."""
    events: list[Event] = []
    for number, body in enumerate(parts, 1):
        previous = events[-1].hash if events else GENESIS
        at = START + timedelta(minutes=number)
        events.append(follow(stream, number, at, "anna", "advanced", body, previous))
    return events


@given(bodies)
def test_a_history_left_alone_is_whole(parts: list[dict[str, object]]) -> None:
    assert list(breaks(chain(parts))) == []
    assert list(breaks([])) == []


@given(bodies, st.data())
def test_an_edited_event_is_found(parts: list[dict[str, object]], data: st.DataObject) -> None:
    events = chain(parts)
    number = data.draw(st.integers(0, len(events) - 1))
    event = events[number]
    changed = data.draw(
        st.sampled_from(
            [
                replace(event, body={**event.body, "改": 1}),
                replace(event, actor="bela"),
                replace(event, kind="refused"),
                replace(event, at=event.at + timedelta(microseconds=1)),
                replace(event, stream="visit-2"),
                replace(event, hash="f" * 64),
            ]
        )
    )
    assert event.seq in {seq for seq, _ in breaks([*events[:number], changed, *events[number + 1 :]])}


@given(bodies.filter(lambda parts: len(parts) > 1), st.data())
def test_an_edit_covered_up_with_a_new_hash_is_found_at_the_next_event(
    parts: list[dict[str, object]], data: st.DataObject
) -> None:
    events = chain(parts)
    number = data.draw(st.integers(0, len(events) - 2))
    old = events[number]
    forged = follow(old.stream, old.seq, old.at, old.actor, old.kind, {"改": 1}, old.previous)
    found = list(breaks([*events[:number], forged, *events[number + 1 :]]))
    assert [seq for seq, _ in found] == ([] if forged.hash == old.hash else [old.seq + 1])


@given(bodies.filter(lambda parts: len(parts) > 1), st.data())
def test_an_event_taken_out_is_found_unless_it_is_the_last(
    parts: list[dict[str, object]], data: st.DataObject
) -> None:
    events = chain(parts)
    number = data.draw(st.integers(0, len(events) - 2))
    del events[number]
    assert next(iter(breaks(events)))[0] == number + 2


@given(bodies.filter(lambda parts: len(parts) > 1), st.data())
def test_events_out_of_order_are_found(parts: list[dict[str, object]], data: st.DataObject) -> None:
    events = chain(parts)
    order = data.draw(st.permutations(events))
    assert bool(list(breaks(order))) == (order != events)


@given(bodies, st.data())
def test_an_event_put_in_is_found(parts: list[dict[str, object]], data: st.DataObject) -> None:
    events = chain(parts)
    number = data.draw(st.integers(0, len(events) - 1))
    before = events[number - 1].hash if number else GENESIS
    extra = follow("visit-1", number + 1, START, "bela", "advanced", {"x": 1}, before)
    assert list(breaks([*events[:number], extra, *events[number:]])) != []


def test_what_is_said_of_a_break() -> None:
    events = chain([{"n": 1}, {"n": 2}, {"n": 3}])
    assert [(seq, str(message)) for seq, message in breaks([events[0], events[2]])] == [
        (3, "应为第 2 条，实为第 3 条：中间有缺失或次序被改"),
        (3, "所记前一条的哈希与前一条不符：前一条被改、被删或被插入"),
    ]


@given(plain)
def test_one_value_has_one_text_and_the_text_gives_the_value_back(value: object) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text
    assert "\n" not in text


def test_the_order_of_keys_does_not_matter_but_that_of_entries_does() -> None:
    assert canonical({"b": 1, "a": [2, 1]}) == canonical({"a": [2, 1], "b": 1}) == '{"a":[2,1],"b":1}'
    assert canonical({"名": "甲"}) == '{"名":"甲"}'
    with pytest.raises(ValueError, match=r"Out of range|not JSON compliant"):
        canonical(float("nan"))


@given(st.datetimes(timezones=st.sampled_from([UTC])))
def test_instants_survive_being_written_and_sort_as_texts(at: datetime) -> None:
    assert from_text(to_text(at)) == at
    later = at if at.year == 9999 else at + timedelta(microseconds=1)
    assert (to_text(at) < to_text(later)) == (at < later)


def test_a_naive_instant_is_nobodys_moment() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_text(datetime(2024, 9, 2, 10))  # noqa: DTZ001 - that is what is refused


clocks = st.builds(
    RunningClock,
    started_at=st.just(START),
    counted_from=st.sampled_from([START, START - timedelta(days=3)]),
    due_on=st.dates(START.date()),
    due_at=st.just(START + timedelta(days=9)),
    provisional=st.booleans(),
    step=st.integers(0, 5),
    next_at=st.none() | st.just(START + timedelta(days=1)),
    times_extended=st.just(0),
    extended_by=st.just(0),
)
changes = st.builds(
    Change,
    state=st.none() | st.just("done"),
    final=st.booleans(),
    fields=st.dictionaries(st.text(max_size=4), plain, max_size=2),
    form=st.just("sheet"),
    answers=st.dictionaries(st.text(max_size=4), plain, max_size=2),
    parties=st.dictionaries(st.text(max_size=4), st.lists(st.text(max_size=4)).map(tuple), max_size=2),
    clocks=st.dictionaries(st.text(max_size=4), st.none() | clocks, max_size=2),
    assignee=st.none() | st.just("") | st.just("anna"),
    suspended=st.none() | st.booleans(),
    version=st.none() | st.integers(1, 9),
)


@given(changes)
def test_a_change_survives_being_written(change: Change) -> None:
    assert Change.from_json(json.loads(canonical(change.as_json()))) == change


def test_an_entry_is_called_by_a_text_of_its_definition_or_by_the_name_of_the_case() -> None:
    """What a step or a refused attempt is called has an English text; the name of a case is what somebody typed."""
    named = replace(chain([{}])[0], kind="advanced", body={"title": "批准"})
    assert isinstance(named.title, DefinedText)
    assert replace(named, body={"attempt": "批准"}).title == "批准"
    assert type(replace(named, kind="started").title) is str
    assert replace(named, body={}).title == ""
