"""Where the steps of a workflow lead."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.graph import edges, hours, path, reachable, ways_out
from engine.lifecycle.model.workflow import State, Transition, Workflow
from engine.worktime.periods import Period, PeriodUnit

graphs = st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from("abcdef")), min_size=1)


def step(name: str, sources: str, target: str | None) -> Transition:
    return Transition(id=name, title=name, sources=tuple(sources), target=target)


def test_edges_are_those_of_steps_out_of_states_that_go_on() -> None:
    flow = Workflow(
        id="w",
        title="w",
        about="none",
        initial="a",
        states={
            "a": State(id="a", title="a"),
            "b": State(id="b", title="b"),
            "z": State(id="z", title="z", final=True),
        },
        transitions=(step("x", "ab", "b"), step("y", "b", "z"), step("n", "a", None), step("q", "z?", "a")),
    )
    assert edges(flow) == {"a": {"b"}, "b": {"b", "z"}, "z": set()}


@given(graphs, st.sampled_from("abcdef"), st.sampled_from("abcdef"))
@settings(max_examples=100)
def test_a_state_is_reached_exactly_where_a_path_leads(
    leads: dict[str, set[str]], start: str, end: str
) -> None:
    found = path(leads, start, end)
    if start in leads and end in leads:
        assert (found is not None) is (end in reachable(leads, start))
    if found is not None:
        assert (found[0], found[-1]) == (start, end)
        assert all(after in leads[before] for before, after in pairwise(found))
        assert len(found) == len(set(found))


def test_the_shortest_path_is_given_the_first_by_name_of_several() -> None:
    leads = {"a": {"c", "b"}, "b": {"d"}, "c": {"d"}, "d": {"e"}, "e": set()}
    assert path(leads, "a", "e") == ["a", "b", "d", "e"]
    assert path(leads, "a", "a") == ["a"]
    assert path(leads, "e", "a") is None


def test_what_can_follow_is_within_the_known_states() -> None:
    assert reachable({"a": {"b", "x"}, "b": {"a"}, "c": {"a"}}, "a") == {"a", "b"}
    assert reachable({"a": set()}, "x") == set()


def test_a_step_back_to_itself_is_no_way_out() -> None:
    assert ways_out({"a": {"a", "b"}}, "a") == {"b"}
    assert ways_out({}, "a") == set()


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (PeriodUnit.HOURS, 3),
        (PeriodUnit.OFFICE_HOURS, 3),
        (PeriodUnit.DAYS, 72),
        (PeriodUnit.WORKING_DAYS, 72),
    ],
)
def test_a_period_in_hours(unit: PeriodUnit, expected: int) -> None:
    assert hours(Period(3, unit)) == expected
