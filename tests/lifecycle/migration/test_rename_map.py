from __future__ import annotations

import pytest
from migration_factories import FLOW, process

from engine.lifecycle.migration.rename_map import KINDS, RenameMap, with_clocks_of_states

MAP = RenameMap(
    states={"a": "b"},
    fields={"visit.contact": "phone", "case.place": "site"},
    values={"visit.level": {"1": "one"}},
)


def test_what_was_written_is_read_again_and_empty_kinds_are_left_out() -> None:
    assert RenameMap().as_json() == {}
    assert set(MAP.as_json()) == {"states", "fields", "values"}
    assert RenameMap.from_json(MAP.as_json()) == MAP
    assert set(MAP.as_json()) < set(KINDS)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="colour"):
        RenameMap.from_json({"colour": {}})


def test_fields_are_looked_up_by_form_and_old_name() -> None:
    assert MAP.field_of("visit", "contact") == "phone"
    assert MAP.field_of("other", "contact") == "contact"
    assert MAP.field_of("case", "place") == "site"


#: What is said -> what is said of deadlines with it.
OF_STATES = [
    ({"states": {"open": "waiting"}}, {"open": "waiting"}),
    ({"states": {"open": "waiting"}, "clocks": {"open": "whole"}}, {"open": "whole"}),
    # Another deadline goes by that name now.
    ({"states": {"open": "waiting"}, "clocks": {"total": "waiting"}}, {"total": "waiting"}),
    # A state without a deadline of its own.
    ({"states": {"closed": "ended"}}, {}),
    ({}, {}),
]


@pytest.mark.parametrize(("said", "clocks"), OF_STATES)
def test_the_deadline_of_a_state_goes_by_its_name(
    said: dict[str, dict[str, str]], clocks: dict[str, str]
) -> None:
    new = process(FLOW.replace("open", "waiting").replace("closed", "ended"), version=2)
    found = with_clocks_of_states(RenameMap.from_json(said), process().workflow, new.workflow)
    assert found.clocks == clocks
    assert found.states == said.get("states", {})


def test_a_state_that_becomes_one_that_was_there_takes_that_ones_deadline() -> None:
    both = (
        FLOW.replace("  closed:", "  held: {title: 待复核, for: clerk, deadline: 3 working days}\n  closed:")
        .replace("transitions:", "transitions:\n  - {do: hold, title: 复核, from: open, to: held}")
        .replace("from: open, to: closed", "from: [open, held], to: closed")
    )
    renames = RenameMap(states={"held": "open"})
    assert with_clocks_of_states(renames, process(both).workflow, process().workflow) == renames
