"""A case and its changes: what is written is read again, and what a change does to a case."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.lifecycle.case import Case, Change, EventKind, RunningClock, evolve
from engine.lifecycle.forms.signature import Signature, Signing

AT = datetime(2024, 9, 2, 2, tzinfo=UTC)
LATER = AT + timedelta(hours=5)
CLOCK = RunningClock(
    started_at=AT, counted_from=AT, due_on=AT.date(), due_at=AT + timedelta(days=1), provisional=False
)
CASE = Case(
    id="visit-1",
    workflow="visit",
    version=1,
    state="open",
    rev=3,
    head="h",
    title="件",
    section="north",
    opened_at=AT,
    entered_at=AT,
    assignee="anna",
    fields={"a": 1},
    forms={"one": {"x": 1}},
    parties={"team": ("anna",)},
    clocks={"due": CLOCK},
    signing={"sign": Signing(signed=(Signature("anna", AT),))},
    asked={"void": {"by": "anna"}},
)
INSTANTS = st.integers(0, 10**6).map(lambda minutes: AT + timedelta(minutes=minutes))
CLOCKS = st.builds(
    RunningClock,
    started_at=INSTANTS,
    counted_from=INSTANTS,
    due_on=st.dates(),
    due_at=INSTANTS,
    provisional=st.booleans(),
    step=st.integers(0, 9),
    next_at=st.none() | INSTANTS,
    times_extended=st.just(2),
    extended_by=st.integers(0, 9),
    others_from=st.lists(INSTANTS, max_size=2).map(tuple),
    waited=st.integers(0, 400),
    ruling=st.integers(0, 3),
    paused_at=st.none() | INSTANTS,
    announced=st.lists(st.tuples(INSTANTS, st.integers(0, 5)), max_size=2).map(tuple),
)
CHANGES = st.builds(
    Change,
    state=st.none() | st.just("done"),
    final=st.booleans(),
    fields=st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    form=st.just("sheet"),
    answers=st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    parties=st.just({"team": ("anna", "bela")}) | st.just({}),
    clocks=st.dictionaries(st.text(max_size=3), st.none() | CLOCKS, max_size=2),
    assignee=st.sampled_from([None, "", "anna"]),
    suspended=st.none() | st.booleans(),
    version=st.none() | st.integers(1, 9),
    signing=st.sampled_from([{}, {"sign": None}, {"sign": Signing(added=("anna",))}]),
    asked=st.sampled_from([{}, {"void": None}, {"void": {"by": "anna", "reason": "错"}}]),
)


@given(CLOCKS)
def test_a_clock_is_read_as_it_was_written(clock: RunningClock) -> None:
    body = clock.as_json()
    assert RunningClock.from_json(json.loads(json.dumps(body))) == clock
    assert clock.as_json() is body


@given(CHANGES)
def test_a_change_is_read_as_it_was_written(change: Change) -> None:
    assert Change.from_json(json.loads(json.dumps(change.as_json()))) == change


def test_what_is_usual_is_not_written() -> None:
    assert CLOCK.as_json() == {
        "started_at": "2024-09-02T02:00:00.000000Z",
        "due_on": "2024-09-02",
        "due_at": "2024-09-03T02:00:00.000000Z",
    }
    assert Change().as_json() == {}
    assert Change(form="sheet").as_json() == {"form": "sheet", "answers": {}}


@given(CLOCKS, st.integers(0, 9), st.none() | INSTANTS)
def test_a_clock_that_is_armed_again_differs_in_its_next_step_alone(
    clock: RunningClock, step: int, at: datetime | None
) -> None:
    assert clock.armed(step, at) == replace(clock, step=step, next_at=at)


@pytest.mark.parametrize(
    ("paused", "now", "late"),
    [(None, 23, False), (None, 24, True), (None, 25, True), (23, 99, False), (24, 99, True)],
)
def test_a_clock_is_late_from_its_due_instant_on_unless_it_stood_still(
    paused: int | None, now: int, late: bool
) -> None:
    stopped = AT + timedelta(hours=paused) if paused is not None else None
    assert replace(CLOCK, paused_at=stopped).late(AT + timedelta(hours=now)) is late


def test_a_case_is_open_until_it_is_closed() -> None:
    assert CASE.open
    assert not replace(CASE, closed_at=AT).open


def test_moving_on_leaves_assignee_signatures_and_requests_behind() -> None:
    moved = evolve(replace(CASE, held=timedelta(hours=2)), Change(state="review"), LATER, 4, "i")
    assert (moved.state, moved.rev, moved.head, moved.entered_at) == ("review", 4, "i", LATER)
    assert (moved.assignee, moved.signing, moved.asked, moved.held) == (None, {}, {}, timedelta(0))
    assert (moved.fields, moved.forms, moved.parties, moved.clocks) == (
        CASE.fields, CASE.forms, CASE.parties, CASE.clocks,
    )  # fmt: skip
    assert moved.closed_at is None
    assert evolve(CASE, Change(state="done", final=True), LATER, 4, "i").closed_at == LATER


def test_staying_keeps_them() -> None:
    same = evolve(CASE, Change(), LATER, 4, "i")
    assert same == replace(CASE, rev=4, head="i", last_at=LATER)
    assert same.last_event_at == LATER
    assert evolve(CASE, Change(assignee=""), LATER, 4, "i").assignee is None
    assert evolve(CASE, Change(assignee="bela"), LATER, 4, "i").assignee == "bela"
    assert evolve(CASE, Change(state="review", assignee="bela"), LATER, 4, "i").assignee == "bela"


def test_values_are_put_over_those_there_were() -> None:
    signing = Signing(added=("bela",))
    found = evolve(
        CASE,
        Change(
            fields={"b": 2},
            form="two",
            answers={"y": 2},
            parties={"others": ("bela",)},
            clocks={"due": None, "next": CLOCK},
            signing={"sign": None, "again": signing},
            asked={"void": None},
            version=2,
        ),
        LATER,
        4,
        "i",
    )
    assert found.fields == {"a": 1, "b": 2}
    assert found.forms == {"one": {"x": 1}, "two": {"y": 2}}
    assert found.parties == {"team": ("anna",), "others": ("bela",)}
    assert found.clocks == {"next": CLOCK}
    assert (found.signing, found.asked, found.version) == ({"again": signing}, {}, 2)
    # The case before is as it was.
    assert CASE.clocks == {"due": CLOCK}


def test_a_suspension_is_added_up_when_it_ends() -> None:
    suspended = evolve(CASE, Change(suspended=True), AT, 4, "i")
    assert (suspended.suspended_at, suspended.held) == (AT, timedelta(0))
    resumed = evolve(suspended, Change(suspended=False), LATER, 5, "j")
    assert (resumed.suspended_at, resumed.held) == (None, timedelta(hours=5))
    again = evolve(
        evolve(resumed, Change(suspended=True), LATER, 6, "k"),
        Change(suspended=False),
        LATER + timedelta(hours=1),
        7,
        "l",
    )
    assert again.held == timedelta(hours=6)
    # A state that is left takes what was held there with it.
    assert evolve(suspended, Change(suspended=False, state="void"), LATER, 5, "j").held == timedelta(0)
    assert evolve(CASE, Change(suspended=False), LATER, 4, "i").held == timedelta(0)


def test_kinds_of_events_are_words() -> None:
    assert EventKind("advanced") is EventKind.ADVANCED
    assert json.dumps(EventKind.SIGNED) == '"signed"'
