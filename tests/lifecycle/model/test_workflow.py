"""Workflows as values: what leaves a state, and what was written under a key of a verb."""

from __future__ import annotations

from engine.lifecycle.model.workflow import Effect, Join, Sign, State, Transition, Verb, Workflow
from engine.worktime.periods import Period, PeriodUnit


def step(name: str, *sources: str, target: str | None = "done") -> Transition:
    return Transition(id=name, title=name, sources=sources, target=target)


STEPS = (
    step("a", "open", "review"),
    step("b", "review"),
    step("a", "review", target=None),
    step("c", "open"),
)
FLOW = Workflow(
    id="visit",
    title="检查",
    about="object",
    initial="open",
    states={name: State(id=name, title=name) for name in ("open", "review", "done")},
    transitions=STEPS,
)


def test_the_steps_that_leave_a_state_come_as_they_were_written() -> None:
    assert FLOW.leaving("open") == (STEPS[0], STEPS[3])
    assert FLOW.leaving("review") == STEPS[:3]
    assert FLOW.leaving("done") == FLOW.leaving("missing") == ()


def test_a_key_of_a_verb_is_a_field_or_one_of_the_others() -> None:
    most = Period(8, PeriodUnit.DAYS)
    verb = Verb(id="extend", by=("chief",), most=most, others={"room": "3", "times": 9})
    assert verb.value("most") == most
    assert verb.value("clock") is None
    assert verb.value("room") == "3"
    assert verb.value("times") == 9
    assert verb.value("unheard") is None


def test_what_is_not_said_is_nothing() -> None:
    assert (STEPS[0].automatic, STEPS[0].reason, STEPS[0].join, STEPS[0].sign, STEPS[0].by) == (
        False, False, None, None, (),
    )  # fmt: skip
    assert Sign(by=("chief",)).count is None
    assert Join(workflow="errand", states=frozenset()).states == frozenset()
    assert Effect(kind="archive", arguments={}).when is None
