"""What a step waits for is asked before."""

from __future__ import annotations

from definition_examples import lines_of

from engine.definition.rules.answer_not_asked import RULE


def test_the_step_that_waits_in_vain_is_named_once() -> None:
    outcomes = RULE.wrong.replace(
        "to: done, on_answer", "to: [done: case.title == 'x', else: open], on_answer"
    )
    assert lines_of(RULE.id, RULE.wrong) == [7]
    assert lines_of(RULE.id, outcomes) == [7]
    assert lines_of(RULE.id, RULE.right) == []
