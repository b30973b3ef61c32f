"""A verb that puts the whole task into one person's hands, where tasks of several stand side by side."""

from __future__ import annotations

import pytest
from definition_examples import lines_of

from engine.definition.rules.verb_in_branches import RULE


def test_each_such_verb_is_named_and_those_of_all_states_are_left_out() -> None:
    assert lines_of(RULE.id, RULE.wrong) == [3]
    assert lines_of(RULE.id, RULE.right) == []
    shared = RULE.right.replace("states:\n", "verbs: [claim, withdraw]\nstates:\n", 1)
    assert lines_of(RULE.id, shared) == []
    both = RULE.wrong.replace(
        "[claim]", "[entrust, reassign: {by: section_chief}, urge: {by: section_chief}]"
    )
    assert lines_of(RULE.id, both) == [3]


@pytest.mark.parametrize(("after", "found"), [("{reassign: section_chief}", [3]), ("section_chief", [])])
def test_a_clock_does_not_hand_them_over_either(after: str, found: list[int]) -> None:
    clock = f"    deadline: {{5 days: suggested}}\n    overdue: {{at once: {after}}}\n"
    late = RULE.right.replace("    branches:\n", f"{clock}    branches:\n")
    assert lines_of(RULE.id, late) == found
