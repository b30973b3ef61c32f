"""The state machine: the first transition of a name whose condition holds, and the state it leads to."""

from __future__ import annotations

from typing import Any

import pytest

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Compare, EvaluationError, Expression, Literal, Name
from engine.lifecycle.machine import StateMachine
from engine.lifecycle.model.workflow import State, Transition, Workflow


def above(number: int) -> Condition:
    node = Compare(Name(("n",)), ">", Literal(number))
    return Condition(Expression(f"n > {number}", node))


def step(name: str, target: str | None, *sources: str, **more: Any) -> Transition:
    return Transition(id=name, title=name, sources=sources, target=target, **more)


HIGH = step("close", "done", "open", "review", when=above(10))
MIDDLE = step("close", "review", "open", when=above(5))
STAY = step("note", None, "open")
PLAIN = step("send", "review", "open")
UNCLEAR = step("unclear", "done", "open", when=Condition(Expression("n", Name(("n",)))))
MACHINE = StateMachine(
    Workflow(
        id="visit",
        title="检查",
        about="none",
        initial="open",
        # Names the library has methods of its own for.
        states={name: State(id=name, title=name) for name in ("open", "review", "done", "trigger")},
        transitions=(HIGH, MIDDLE, STAY, PLAIN, UNCLEAR, step("to_done", "trigger", "open")),
    )
)


@pytest.mark.parametrize(
    ("name", "state", "n", "chosen", "after"),
    [
        ("close", "open", 11, HIGH, "done"),
        ("close", "open", 6, MIDDLE, "review"),
        ("close", "open", 5, None, "open"),
        ("close", "review", 6, None, "review"),
        ("close", "review", 11, HIGH, "done"),
        ("note", "open", 0, STAY, "open"),
        ("send", "open", 0, PLAIN, "review"),
        ("send", "done", 0, None, "done"),
        ("missing", "open", 0, None, "open"),
    ],
)
def test_which_transition_and_where_to(
    name: str, state: str, n: int, chosen: Transition | None, after: str
) -> None:
    assert MACHINE.take(name, state, {"n": n}) == (chosen, after)


def test_a_condition_without_an_answer_is_no_choice() -> None:
    with pytest.raises(EvaluationError):
        MACHINE.take("unclear", "open", {"n": None})


def test_no_step_comes_from_the_library_and_no_name_is_its_own() -> None:
    # The library would add `to_<state>` by itself.
    assert MACHINE.take("to_review", "open", {}) == (None, "open")
    assert MACHINE.take("to_done", "open", {})[1] == "trigger"


def test_one_machine_serves_every_case() -> None:
    assert MACHINE.take("close", "open", {"n": 11})[1] == "done"
    assert MACHINE.take("close", "open", {"n": 6})[1] == "review"
    # What one was asked leaves nothing behind for the next.
    assert MACHINE.take("close", "open", {"n": 11})[1] == "done"


def test_the_machine_knows_what_the_library_knows() -> None:
    from transitions import Machine

    held = Machine(
        model=None, states=["open", "review", "done", "trigger"], initial="open", auto_transitions=False
    )
    for one in (HIGH, MIDDLE, STAY, PLAIN):
        held.add_transition(one.id, list(one.sources), one.target)
    for event in held.events.values():
        for state, found in event.transitions.items():
            leads = [one.dest or state for one in found]
            assert [after for _, _, after in MACHINE.table[state, event.name]] == leads
