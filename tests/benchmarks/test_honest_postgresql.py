"""The pipelined steps by hand write the rows of the product on PostgreSQL, and refuse what it refuses."""

from __future__ import annotations

import json
from threading import Thread
from typing import Any

import pytest
from two_sides import ANSWERS, later, on_postgresql, put_back, rows_of_server

from benchmarks.honest.advance_postgresql import Advances
from benchmarks.honest.schema import RefusedError
from benchmarks.inputs import deadlines
from engine.kernel.refusal import Refusal

DEADLINES = deadlines()
ACTS: list[tuple[int, str, str, str, Any, str | None]] = [
    (0, "visit-1", "go", "insp-1", ANSWERS, None),
    (5, "visit-2", "go", "insp-2", {"found": " 有问题 ", "count": "3"}, "先办"),
    (30, "visit-1", "back", "insp-2", {"found": 7, "count": 1}, None),
    (24 * 41, "visit-2", "finish", "insp-1", None, None),
]


def test_the_rows_are_those_of_the_product(postgres_database: str) -> None:
    with on_postgresql(postgres_database, 2) as (application, clock, address):
        before = rows_of_server(address)
        answers = []
        for number, (hours, case, step, person, given, reason) in enumerate(ACTS):
            clock.set(later(hours))
            answer = application.advance(case, step, person, given, reason=reason, request_id=f"r-{number}")
            assert not isinstance(answer, Refusal), str(answer)
            answers.append(answer.as_json())
        ours = rows_of_server(address)
        put_back(address, before)
        hand = Advances(address, DEADLINES, clock.now)
        for number, (hours, case, step, person, given, reason) in enumerate(ACTS):
            clock.set(later(hours))
            made = hand.advance(case, step, person, given, reason, request=f"r-{number}")
            assert json.loads(made) == answers[number]
            assert hand.advance(case, step, person, given, reason, request=f"r-{number}") == made
        hand.close()
        assert rows_of_server(address) == ours


def test_refused_acts_leave_no_row(postgres_database: str) -> None:
    with on_postgresql(postgres_database, 1) as (_, clock, address):
        before = rows_of_server(address)
        hand = Advances(address, DEADLINES, clock.now)
        for code, case, step, person, given in (
            ("case", "visit-9", "go", "insp-1", ANSWERS),
            ("person", "visit-1", "go", "nobody", ANSWERS),
            ("state", "visit-1", "back", "insp-1", ANSWERS),
            ("not-allowed", "visit-1", "go", "clerk-1", ANSWERS),
            ("guard", "visit-1", "go", "insp-1", {"found": "有", "count": 0}),
        ):
            with pytest.raises(RefusedError) as refused:
                hand.advance(case, step, person, given, request="r-1")
            assert refused.value.codes == (code,)
        hand.close()
        assert rows_of_server(address) == before


def test_two_at_once_are_one_after_the_other(postgres_database: str) -> None:
    with on_postgresql(postgres_database, 1) as (_, clock, address):
        outcomes: list[str] = []

        def act(name: str) -> None:
            hand = Advances(address, DEADLINES, clock.now)
            try:
                outcomes.append(hand.advance("visit-1", "go", "insp-1", ANSWERS, request=name))
            except RefusedError as refused:
                outcomes.append(refused.codes[0])
            hand.close()

        threads = [Thread(target=act, args=(f"r-{n}",)) for n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert min(outcomes) in ("state", "conflict")
        found = rows_of_server(address)
        assert len([row for row in found["event"] if ("stream", "visit-1") in row]) == 2
        assert len(found["idempotency_key"]) == 1
