"""The steps by hand write the rows of the product, and refuse what it refuses."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from two_sides import ANSWERS, both, later, rows

from benchmarks.honest.advance_sqlite import Advances
from benchmarks.honest.schema import RefusedError, text_of
from benchmarks.inputs import deadlines
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.delegations import add_delegation
from engine.kernel.refusal import Refusal

DEADLINES = deadlines()
WRONG: list[tuple[str, str, str, Any]] = [
    ("visit-1", "back", "insp-1", ANSWERS),
    ("visit-1", "leap", "insp-1", ANSWERS),
    ("visit-1", "go", "nobody", ANSWERS),
    ("visit-9", "go", "insp-1", ANSWERS),
    ("visit-1", "go", "clerk-1", ANSWERS),
    ("visit-1", "go", "clerk-1", {"found": "", "count": 0, "more": 1}),
    ("visit-1", "go", "insp-1", None),
    ("visit-1", "go", "insp-1", {}),
    ("visit-1", "go", "insp-1", {"found": "有", "count": 0}),
    ("visit-1", "go", "insp-1", {"found": "有", "count": -1}),
    ("visit-1", "go", "insp-1", {"found": True, "count": "x"}),
    ("visit-1", "go", "clerk-1", {"found": "有", "count": "0"}),
    ("visit-1", "finish", "insp-1", ANSWERS),
]


def test_the_rows_are_those_of_the_product(tmp_path: Path) -> None:
    acts: list[tuple[int, str, str, str, Any, str | None]] = [
        (0, "visit-1", "go", "insp-1", ANSWERS, None),
        (5, "visit-2", "go", "insp-2", {"found": " 有问题 ", "count": "3"}, "先办"),
        (30, "visit-1", "back", "insp-2", {"found": 7, "count": 1}, None),
        (24 * 40, "visit-1", "go", "insp-1", ANSWERS, None),
        (24 * 41, "visit-2", "finish", "insp-1", None, None),
        (24 * 41, "visit-3", "finish", "insp-1", {}, "完"),
    ]
    with both(3, tmp_path) as (application, clock, path, copy):
        hand = Advances(copy, DEADLINES, clock.now)
        for number, (hours, case, step, person, answers, reason) in enumerate(acts):
            clock.set(later(hours))
            given = application.advance(case, step, person, answers, reason=reason, request_id=f"r-{number}")
            assert not isinstance(given, Refusal), str(given)
            answer = hand.advance(case, step, person, answers, reason, request=f"r-{number}")
            assert json.loads(answer) == given.as_json()
            again = hand.advance(case, step, person, answers, reason, request=f"r-{number}")
            assert again == answer
        hand.close()
        assert rows(copy) == rows(path)


@pytest.mark.parametrize("order", WRONG)
def test_what_the_product_refuses_is_refused(order: tuple[str, str, str, Any], tmp_path: Path) -> None:
    case, step, person, answers = order
    with both(1, tmp_path) as (application, clock, _, copy):
        before = rows(copy)
        hand = Advances(copy, DEADLINES, clock.now)
        with pytest.raises(RefusedError) as refused:
            hand.advance(case, step, person, answers, request="r-1")
        given = application.advance(case, step, person, answers, request_id="r-1")
        assert isinstance(given, Refusal)
        assert sorted(refused.value.codes) == sorted(reason.code for reason in given.reasons)
        hand.close()
        assert rows(copy) == before


def test_a_closed_case_a_claimed_one_and_a_taken_request_are_refused(tmp_path: Path) -> None:
    with both(2, tmp_path) as (application, clock, _, copy):
        hand = Advances(copy, DEADLINES, clock.now)
        hand.advance("visit-1", "finish", "insp-1", None, request="r-1")
        for person, code in (("insp-1", "closed"), ("insp-2", "closed")):
            with pytest.raises(RefusedError) as refused:
                hand.advance("visit-1", "go", person, ANSWERS, request="r-2")
            assert refused.value.codes == (code,)
        with pytest.raises(RefusedError, match="request"):
            hand.advance("visit-2", "go", "insp-1", ANSWERS, request="r-1")
        hand.connection.execute("UPDATE \"case\" SET assignee = 'insp-2' WHERE id = 'visit-2'")
        with pytest.raises(RefusedError, match="claimed"):
            hand.advance("visit-2", "go", "insp-1", ANSWERS, request="r-3")
        hand.connection.execute("UPDATE event SET hash = 'other' WHERE stream = 'visit-2'")
        with pytest.raises(RefusedError, match="conflict"):
            hand.advance("visit-2", "go", "insp-2", ANSWERS, request="r-4")
        hand.close()
        assert isinstance(application, Application)


def test_a_draft_goes_with_its_step_and_a_clock_that_jumped_holds_it_up(tmp_path: Path) -> None:
    draft = "INSERT INTO draft VALUES ('insp-1', 'visit-1', 'go', 'note', 1, 'there', '{at}', '{{}}', '{at}')"
    with both(1, tmp_path) as (application, clock, path, copy):
        hand = Advances(copy, DEADLINES, clock.now)
        beat = text_of(clock.now())
        for place in (path, copy):
            with closing(sqlite3.connect(place)) as connection, connection:
                connection.execute(draft.format(at=beat))
                connection.execute("INSERT INTO daemon VALUES ('daemon', ?, '1', 1, NULL, 0)", (beat,))
        clock.set(later(5))
        given = application.advance("visit-1", "go", "insp-1", ANSWERS, request_id="r-1")
        assert not isinstance(given, Refusal), str(given)
        hand.advance("visit-1", "go", "insp-1", ANSWERS, request="r-1")
        assert rows(copy) == rows(path)
        assert not rows(copy)["draft"]
        clock.set(later(24 * 40))
        with pytest.raises(RefusedError, match="clock"):
            hand.advance("visit-1", "back", "insp-1", ANSWERS, request="r-2")
        refused = application.advance("visit-1", "back", "insp-1", ANSWERS, request_id="r-2")
        assert isinstance(refused, Refusal)
        assert [reason.code for reason in refused.reasons] == ["clock"]
        hand.close()


def test_a_register_or_delegation_that_changes_is_seen(tmp_path: Path) -> None:
    with both(0, tmp_path) as (application, clock, path, _):
        hand = Advances(path, DEADLINES, clock.now)
        from benchmarks.application import RegisterEntry as Entry
        from benchmarks.application import import_entries, spawn

        spawn(application, 1)
        hand.advance("visit-1", "go", "insp-1", ANSWERS, request="r-1")
        with pytest.raises(RefusedError, match="not-allowed"):
            hand.advance("visit-1", "back", "clerk-1", ANSWERS, request="r-2")
        day = clock.now().date()
        assert not isinstance(
            add_delegation(application, Caller("insp-1"), "insp-1", "clerk-1", day, day, "出差"), Refusal
        )
        more = [Entry("people", "clerk-0", "经办人00", "one", {"roles": ["clerk"]})]
        import_entries(application, "people", more, "system", source="bench")
        hand.advance("visit-1", "back", "clerk-1", ANSWERS, request="r-2")
        told = hand.connection.execute(
            "SELECT recipient FROM outbox WHERE id LIKE 'visit-1:3:%' ORDER BY id"
        ).fetchall()
        assert told == [("clerk-0",), ("clerk-1",)]
        (body,) = hand.connection.execute(
            "SELECT body FROM event WHERE stream = 'visit-1' AND seq = 3"
        ).fetchone()
        assert json.loads(body)["for"] == "insp-1"
        hand.close()
