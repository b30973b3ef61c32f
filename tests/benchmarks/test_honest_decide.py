"""The decision from a table says what the product says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.decisions import SIZE, process
from benchmarks.honest.decide import decide as by_hand
from benchmarks.honest.schema import RefusedError
from benchmarks.inputs import deadlines
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.decide import Decision, decide

NOW = datetime(2024, 9, 14, 2, tzinfo=UTC)
DEADLINES = deadlines(days=20, remind=(5,))
RING = process()


def _case(state: str, **changed: Any) -> Case:
    case = Case(
        id="ring-1", workflow="ring", version=1, state=state, rev=1, head="0" * 64, title="基准", section="one",
        opened_at=NOW, entered_at=NOW, fields={"amount": 3, "kind": "a"},
        clocks={state: RING.time.start(RING.workflow.clocks[state], NOW)} if state != "done" else {},
    )  # fmt: skip
    return replace(case, **changed)


def _plain(case: Case) -> dict[str, Any]:
    return {
        "state": case.state, "section": case.section, "fields": case.fields, "clocks": case.clocks,
        "assignee": case.assignee, "closed_at": case.closed_at, "suspended_at": case.suspended_at,
    }  # fmt: skip


@pytest.mark.parametrize("number", range(SIZE))
@pytest.mark.parametrize("hours", [0, 20, 24 * 40])
def test_every_step_says_the_same(number: int, hours: int) -> None:
    now = NOW + timedelta(hours=hours)
    for step in (f"step{number}", "finish"):
        if step == "finish" and number != SIZE - 1:
            continue
        case = _case(f"s{number}")
        actor = Actor("clerk-1", "one", frozenset({"clerk"}))
        made = decide(RING, case, Advance(step=step, actor=actor), now)
        assert isinstance(made, Decision)
        plain = {"id": "clerk-1", "section": "one", "roles": frozenset({"clerk"})}
        expected = {"step": made.step, "title": made.title, **made.change.as_json()}
        assert by_hand(_plain(case), step, plain, None, now, DEADLINES) == expected


@pytest.mark.parametrize(
    ("case", "step", "actor", "answers"),
    [
        (_case("s0", closed_at=NOW), "step0", ("clerk-1", "one", "clerk"), None),
        (_case("s0", suspended_at=NOW), "step0", ("clerk-1", "one", "clerk"), None),
        (_case("s0"), "step1", ("clerk-1", "one", "clerk"), None),
        (_case("s0"), "step0", ("clerk-1", "two", "clerk"), None),
        (_case("s0"), "step0", ("clerk-1", "one", "other"), None),
        (_case("s0", assignee="clerk-2"), "step0", ("clerk-1", "one", "clerk"), None),
        (_case("s0"), "step0", ("clerk-1", "one", "clerk"), {"a": 1}),
        (_case("s0", fields={"amount": 0, "kind": "a"}), "step0", ("clerk-1", "one", "clerk"), None),
        (_case("s0", fields={"amount": 1, "kind": "c"}), "step0", ("clerk-1", "two", "clerk"), None),
    ],
)
def test_what_is_refused_is_refused_for_the_same_reasons(
    case: Case, step: str, actor: tuple[str, str, str], answers: dict[str, Any] | None
) -> None:
    who = Actor(actor[0], actor[1], frozenset({actor[2]}))
    made = decide(RING, case, Advance(step=step, actor=who, answers=answers), NOW)
    assert not isinstance(made, Decision)
    plain = {"id": actor[0], "section": actor[1], "roles": frozenset({actor[2]})}
    with pytest.raises(RefusedError) as refused:
        by_hand(_plain(case), step, plain, answers, NOW, DEADLINES)
    assert sorted(refused.value.codes) == sorted(reason.code for reason in made.reasons)
