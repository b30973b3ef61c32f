"""What can be there, and what surely is, when a case reaches a state."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_bureau import BUREAU

from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_files, load_paths
from engine.definition.meaning.fields_known import fields_of, missing_unless
from engine.definition.meaning.names_read import Fact, fact_of
from engine.definition.meaning.ways import Ways, entries_of
from engine.definition.resources import workflows_dir
from engine.lifecycle.model.workflow import Workflow


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([workflows_dir()]))


def ways(name: str) -> Ways:
    workflows = loaded().workflows
    return Ways(workflows[name], entries_of(workflows[name], workflows.values()))


def test_what_is_surely_there_can_be_there() -> None:
    for name in loaded().workflows:
        found = ways(name)
        assert all(must <= found.may()[state] for state, must in found.must().items())


def test_a_form_of_a_branch_can_be_there_and_need_not() -> None:
    found = ways("inspection")
    assert ("forms", "notice") in found.may()["to_enter"]
    assert ("forms", "onsite_check") in found.may()["to_enter"]
    assert ("forms", "onsite_check") not in found.must()["to_enter"]
    assert ("forms", "result_entry") in found.must()["published"]
    assert ("forms", "result_entry") not in (found.on_first_entering(["to_enter"]) or ())


def test_an_entry_brings_what_its_start_says() -> None:
    (entry,) = [one for one in ways("inspection").entries if one.starter == "batch"]
    assert {("parties", "inspectors"), ("case", "inspect_to")} <= entry.facts
    assert ("case", "inspect_to") in ways("inspection").may()["to_enter"]


def test_names_and_what_may_be_missing() -> None:
    workflow = loaded().workflows["inspection"]
    assert fact_of(("forms", "notice", "sent_on"), workflow) == ("forms", "notice")
    assert fact_of(("today",), workflow) is None
    missing = missing_unless({("forms", "notice")}, fields_of(workflow, None))
    assert missing(("forms", "review", "checked"))
    assert not missing(("forms", "notice", "sent_on"))


def process(steps: int, drawn: Callable[[int], tuple[str, int]]) -> Workflow:
    """Return a process with as many states as steps; `drawn` says from where a step leads, and to which state."""
    text = ["workflow: w", "title: 件", "about: none", "initial: s0", "start: {by: clerk}", "fields:"]
    text += [f"  - f{number}: {{title: 字{number}, type: boolean}}" for number in range(steps)]
    text += ["states:"]
    text += [f"  s{number}: {{title: 环{number}, for: clerk, no deadline: 无}}" for number in range(steps)]
    text += ["  z: {title: 完, final: true}", "transitions:", "  - {do: fin, title: 完, from: any, to: z}"]
    for number in range(steps):
        source, target = drawn(number)
        to = "" if target < 0 else f", to: s{target}"
        text += [
            f"  - {{do: t{number}, title: 步{number}, from: {source}{to}, then: [{{set: {{f{number}: true}}}}]}}"
        ]
    # A state no step leads to would be refused.
    text += [
        f"  - {{do: c{number}, title: 续{number}, from: s{number}, to: s{number + 1}}}"
        for number in range(steps - 1)
    ]
    found = load_files({"bureau.yaml": BUREAU, "w.yaml": "\n".join(text) + "\n"}, partial=True)
    return found.workflows["w"]


def spread_plainly(found: Ways, without: Collection[int], stop: Collection[str]) -> dict[str, set[Fact]]:
    """Return what `Ways` says can be set in each state, by going over all its edges until nothing changes."""
    there: dict[str, set[Fact]] = {
        found.workflow.initial: {one for entry in found.entries for one in entry.facts}
    }
    before = None
    while before != there:
        before = {state: set(facts) for state, facts in there.items()}
        for edge in found.edges:
            if (
                edge.source in before
                and edge.step not in without
                and not {edge.source, edge.target} & {*stop}
            ):
                there.setdefault(edge.target, set()).update(there[edge.source], edge.may)
    return there


@settings(max_examples=20)
@given(st.data())
def test_steps_from_many_states_lead_where_each_of_them_leads(data: st.DataObject) -> None:
    count = data.draw(st.integers(9, 14))
    states = st.integers(0, count - 1)
    sources = st.one_of(
        st.just("any"),
        st.lists(states, min_size=1, max_size=count, unique=True).map(
            lambda some: "[" + ", ".join(f"s{one}" for one in sorted(some)) + "]"
        ),
    )
    workflow = process(count, lambda _: (data.draw(sources), data.draw(st.integers(-1, count - 1))))
    found = Ways(workflow, entries_of(workflow, [workflow]))
    without = data.draw(st.lists(st.integers(0, count), max_size=2))
    stop = [f"s{one}" for one in data.draw(st.lists(st.integers(1, count - 1), max_size=2))]
    assert {state: set(facts) for state, facts in found.may(without).items()} == spread_plainly(
        found, without, ()
    )
    into = [
        {*there[edge.source], *edge.may}
        for there in (spread_plainly(found, (), stop),)
        for edge in found.edges
        if edge.target in stop and edge.source not in stop and edge.source in there
    ]
    first = found.on_first_entering(stop)
    assert first == (frozenset[Fact]().union(*into) if into else None)


@pytest.mark.parametrize("count", [20, 40])
def test_steps_from_anywhere_are_as_many_ways_as_steps_and_states(count: int) -> None:
    workflow = process(count, lambda number: ("any", number * 7 % count))
    found = Ways(workflow, entries_of(workflow, [workflow]))
    leading, hubs = found.by_hubs()
    assert len(hubs) == 1
    assert len(found.edges) > count * count
    assert sum(map(len, leading.values())) <= 4 * count
