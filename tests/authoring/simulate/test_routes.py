"""Which step made-up people take next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from walk_factories import process_of

from engine.authoring.simulate.routes import LONG, REPEATED, VisitedPath, distances, ordered, origins
from engine.lifecycle.case import Case

PROCESS = process_of("""
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk}
  review: {title: 待审核, for: chief}
  fixing: {title: 待整改, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: note, title: 记录, from: open}
  - {do: report, title: 上报, from: open, to: review}
  - {do: stop, title: 终止, from: open, to: done}
  - {do: close, title: 通过, from: review, to: done}
  - {do: fix, title: 责令整改, from: review, to: fixing}
  - {do: fixed, title: 整改完成, from: fixing, to: review}
""")
AWAY = {"done": 0, "open": 1, "review": 1, "fixing": 2}
AT = datetime(2024, 9, 2, tzinfo=UTC)
CASE = Case(
    id="visit-1", workflow="visit", version=1, state="open", rev=1, head="", title="件",
    section=None, opened_at=AT, entered_at=AT,
)  # fmt: skip


def order(
    state: str,
    trail: VisitedPath,
    taken: dict[str, int] | None = None,
    *,
    number: int = 1,
    waits: bool = False,
) -> list[str]:
    case = replace(CASE, state=state)
    steps = PROCESS.manual_steps(state)
    return ordered(case, steps, taken or {}, AWAY, trail, waits, "seed", number)


def test_how_far_the_nearest_end_is() -> None:
    assert distances(PROCESS.workflow) == AWAY
    lost = replace(PROCESS.workflow, transitions=PROCESS.workflow.transitions[:2])
    assert distances(lost) == {"done": 0}


def flow(name: str, starts: str | None, by_hand: bool) -> Any:
    then = f", then: [{{start: {starts}}}]" if starts else ""
    others = (
        [
            f"workflow: {starts}\ntitle: 差\nabout: none\ninitial: a\nstart: {{by: clerk}}\nstates: {{a: {{title: 甲, for: clerk}}, b: {{title: 乙, final: true}}}}\ntransitions: [{{do: c, title: 丙, from: a, to: b}}]"
        ]
        if starts
        else []
    )
    text = f"""
workflow: {name}
title: 流程
about: none
initial: a
{"start: {by: clerk}" if by_hand else ""}
states: {{a: {{title: 甲, for: clerk}}, b: {{title: 乙, final: true, open_children: leave}}}}
transitions:
  - {{do: go, title: 去, from: a, to: b{then}}}
"""
    return process_of(text, *others).workflow


def test_the_workflows_whose_cases_lead_to_another() -> None:
    plan, batch, visit = (
        flow("plan", "batch", True),
        flow("batch", "visit", False),
        flow("visit", None, False),
    )
    every = [plan, batch, visit, flow("other", None, True)]
    assert origins("visit", every) == ["plan"]
    assert origins("batch", every) == ["plan"]
    assert origins("plan", every) == []
    assert origins("visit", [plan, replace(batch, start_by=("clerk",)), visit]) == ["plan", "batch"]


def test_steps_are_counted_and_those_that_stay_until_the_case_moves() -> None:
    trail = VisitedPath()
    trail.take("note", moves=False)
    trail.take("note", moves=False)
    assert (trail.steps, trail.staying["note"]) == (2, 2)
    trail.take("report", moves=True)
    assert (trail.steps, dict(trail.staying)) == (3, {})


def test_what_was_not_taken_yet_comes_first_and_ends_last() -> None:
    assert set(order("open", VisitedPath())[:2]) == {"note", "report"}
    assert order("open", VisitedPath())[2] == "stop"
    assert order("open", VisitedPath(), {"note": 1}) == ["report", "note", "stop"]
    assert order("review", VisitedPath(), {"fix": 3}) == ["fix", "close"]


def test_now_and_then_a_case_ends_early_by_a_step_nobody_took() -> None:
    # Number 4 may: where nobody has taken the end it comes among the others, else last.
    taken = {"note": 1, "report": 1}
    assert order("open", VisitedPath(), taken, number=4)[0] == "stop"
    assert order("open", VisitedPath(), {**taken, "stop": 1}, number=4)[-1] == "stop"
    assert order("open", VisitedPath(), taken)[-1] == "stop"


def test_states_that_were_seen_less_are_preferred() -> None:
    trail = VisitedPath()
    trail.states.update(review=3, open=1)
    assert order("open", trail)[:2] == ["note", "report"]
    trail.states.update(open=5)
    assert order("open", trail)[:2] == ["report", "note"]


def test_what_stays_is_not_taken_for_ever() -> None:
    trail = VisitedPath()
    for _ in range(REPEATED):
        assert "note" in order("open", trail)
        trail.take("note", moves=False)
    assert "note" not in order("open", trail)


def test_a_long_case_is_led_to_an_end_or_left_to_the_engine() -> None:
    trail = VisitedPath(steps=LONG + 1)
    assert order("review", trail) == ["close", "fix"]
    assert order("open", trail)[0] == "stop"
    assert order("review", trail, waits=True) == ["close"]
    assert order("review", VisitedPath(steps=LONG), {"fix": 1})[-1] == "close"


@given(st.integers(0, 30), st.integers(0, 40), st.booleans())
def test_nothing_but_steps_of_the_state_and_each_once(number: int, steps: int, waits: bool) -> None:
    found = order("open", VisitedPath(steps=steps), number=number, waits=waits)
    assert len(found) == len(set(found))
    assert set(found) <= {"note", "report", "stop"}
    assert found == order("open", VisitedPath(steps=steps), number=number, waits=waits)
