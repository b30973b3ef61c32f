"""What a step reads that no way to it can have written."""

from __future__ import annotations

from meaning_example import WORDS, subject_of

from engine.definition.meaning.names_read import Fact
from engine.definition.meaning.step_reads import StepReads


def unwritten(blocks: str) -> list[tuple[str, int, Fact]]:
    """Return, for each step, the line of what it reads and what that is."""
    subject = subject_of(blocks)
    return [
        (step.id, place.line, fact)
        for number, step in enumerate(subject.workflow.transitions)
        for place, fact in StepReads(subject, number).unwritten()
    ]


def line(words: str, blocks: str = WORDS) -> int:
    """Return the line of some words in the whole file, which has the blocks after its first ones."""
    top = subject_of(blocks).read.steps[0][1]["do"].line - 1 - _before("do: visit", blocks)
    return top + _before(words, blocks) + 1


def _before(words: str, blocks: str) -> int:
    return blocks.count("\n", 0, blocks.index(words))


def test_what_every_way_has_written_may_be_read() -> None:
    assert unwritten(WORDS) == []


def test_a_form_that_a_later_step_fills_in_is_not_there_yet() -> None:
    early = WORDS.replace("from: open, to: later, form: visit,", "from: open, to: later, form: visit, when: forms.visit.staff > 1,")
    assert unwritten(early) == [("visit", line("do: visit", early), ("forms", "visit"))]


def test_a_condition_an_effect_and_a_requirement_are_each_looked_at() -> None:
    never = WORDS.replace(", form: visit, then: [{set: {note: = form.method}}]", "")
    assert unwritten(never.replace("  - {do: visit", "  - {do: visit")) == [
        ("finish", line("when: forms", never), ("forms", "visit")),
        ("finish", line("set: {note", never), ("forms", "visit")),
    ]


def test_who_takes_a_step_must_have_been_assigned() -> None:
    by = WORDS.replace("    from: later\n", "    from: later\n    by: handlers\n")
    assert unwritten(by) == []
    assigned = by.replace(
        "    then:\n", "    then:\n      - assign: {handlers: \"[actor.id]\"}\n"
    )
    assert unwritten(assigned) == [("finish", line("by: handlers", assigned), ("parties", "handlers"))]


def test_a_step_from_a_state_no_case_reaches_reads_nothing() -> None:
    subject = subject_of(WORDS.replace("from: open, to: later", "from: open, to: done"))
    found = StepReads(subject, 1)
    assert found.sources == []
    assert list(found.unwritten()) == []
