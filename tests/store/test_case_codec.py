"""A case in columns: every part comes back, what is empty is left out, and the text is the canonical one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.lifecycle.case import Case, RunningClock
from engine.lifecycle.chain import GENESIS, Event, canonical, event_of, follow
from engine.lifecycle.forms.signature import Signature, Signing
from engine.store.case_codec import case_body, case_carried, case_of, case_row, event_row

AT = datetime(2027, 3, 1, 1, tzinfo=UTC)
TEXT = "2027-03-01T01:00:00.000000Z"

PLAIN = Case(
    id="c-1",
    workflow="w",
    version=2,
    state="s",
    rev=3,
    head="ab",
    title="甲",
    section=None,
    opened_at=AT,
    entered_at=AT,
)
CLOCK = RunningClock(
    started_at=AT,
    counted_from=AT,
    due_on=date(2027, 3, 15),
    due_at=AT + timedelta(days=14),
    provisional=True,
    step=1,
)
FULL = replace(
    PLAIN,
    section="north",
    parent="b-1",
    entered_at=AT + timedelta(hours=1),
    closed_at=AT + timedelta(days=3),
    suspended_at=AT + timedelta(days=2),
    held=timedelta(days=1, microseconds=7),
    assignee="p-1",
    subject={"id": "o-1", "name": "甲"},
    fields={"count": 3, "none": None},
    forms={"onsite": {"note": "乙"}},
    parties={"inspectors": ("p-2", "p-1"), "empty": ()},
    clocks={"state": CLOCK},
    signing={"approve": Signing(signed=(Signature("p-1", AT, "p-9"),), added=("p-2",), answers={"n": 1})},
    asked={"extend": {"by": "p-1", "reason": "材料未到"}},
)

PARTS: dict[str, st.SearchStrategy[Any]] = {
    "subject": st.sampled_from([{}, FULL.subject]),
    "fields": st.sampled_from([{}, FULL.fields, {"zz": 1, "aa": 2}]),
    "forms": st.sampled_from([{}, FULL.forms]),
    "parties": st.sampled_from([{}, FULL.parties]),
    "held": st.timedeltas(timedelta(0), timedelta(days=900)),
    "clocks": st.sampled_from([{}, FULL.clocks, {"b": CLOCK, "a": replace(CLOCK, step=2)}]),
    "signing": st.sampled_from([{}, FULL.signing]),
    "asked": st.sampled_from([{}, FULL.asked]),
    "closed_at": st.sampled_from([None, FULL.closed_at]),
    "suspended_at": st.sampled_from([None, FULL.suspended_at]),
    "entered_at": st.sampled_from([AT, FULL.entered_at]),
    "assignee": st.sampled_from([None, "p-1"]),
}


@given(st.fixed_dictionaries(PARTS))
def test_a_case_comes_back_and_its_text_is_canonical(parts: dict[str, Any]) -> None:
    case = replace(PLAIN, **parts)
    assert case_of(case_row(case)) == case
    body = case_body(case)
    assert body == canonical(json.loads(body))
    assert case_row(case)[15] == body
    assert set(json.loads(body)) == {
        name
        for name in ("subject", "fields", "forms", "parties", "held", "clocks", "signing", "asked")
        if parts[name]
    }


def test_the_columns_of_a_case_that_has_little() -> None:
    assert case_row(PLAIN) == (
        *("c-1", "w", 2, "s", 3, "ab", None, None, None, "甲"),
        *(TEXT, TEXT, None, None, None, "{}"),
    )
    assert case_carried(PLAIN) == (3, "ab", None, None, "{}")


def test_the_columns_of_a_case_that_has_everything() -> None:
    row = case_row(FULL)
    assert row[6:9] == ("b-1", "north", "o-1")
    assert row[10:15] == (
        TEXT,
        "2027-03-01T02:00:00.000000Z",
        "2027-03-04T01:00:00.000000Z",
        "2027-03-03T01:00:00.000000Z",
        "p-1",
    )
    assert json.loads(row[15])["held"] == 86_400_000_007
    assert case_carried(FULL) == (3, "ab", "2027-03-03T01:00:00.000000Z", "p-1", row[15])


def test_clocks_of_one_batch_share_their_text_and_others_do_not() -> None:
    shared = {"state": CLOCK}
    other = {"state": replace(CLOCK, step=5)}
    bodies = [case_body(replace(PLAIN, clocks=clocks)) for clocks in (shared, shared, other, shared)]
    assert bodies[0] == bodies[1] == bodies[3]
    assert [json.loads(body)["clocks"]["state"]["step"] for body in bodies] == [1, 1, 5, 1]


def test_an_event_in_columns() -> None:
    event = follow("c-1", 1, AT, "p-1", "started", {"b": 1, "a": "甲"}, GENESIS)
    row = event_row(event)
    assert row == ("c-1", 1, TEXT, "p-1", "started", '{"a":"甲","b":1}', GENESIS, event.hash)
    assert event_of(row) == event
    without_text = Event("c-1", 1, AT, "p-1", "started", {"b": 1, "a": "甲"}, GENESIS, event.hash)
    assert event_row(without_text) == row
