"""What a step reads that no way to it can have written."""

from __future__ import annotations

from dataclasses import replace

from definition_examples import workflow_text
from meaning_example import WORDS, subject_of

from engine.definition.meaning.names_read import Fact
from engine.definition.meaning.step_reads import StepReads
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.ways import Entry, Ways

FILLED = "form: visit, then: [{set: {note: = form.method}}]"


def unwritten(blocks: str) -> list[tuple[str, str, Fact]]:
    """Return, for each step, the first word of the line where it reads something, and what that is."""
    subject, lines = subject_of(blocks), workflow_text(blocks).splitlines()
    return [
        (step.id, lines[place.line - 1].strip(" -").partition(":")[0], fact)
        for number, step in enumerate(subject.workflow.transitions)
        for place, fact in StepReads(subject, number).unwritten()
    ]


def test_what_every_way_has_written_may_be_read() -> None:
    assert unwritten(WORDS) == []


def test_a_form_that_the_step_itself_fills_in_is_not_there_before() -> None:
    early = WORDS.replace(FILLED, f"{FILLED}, when: forms.visit.staff > 1")
    assert unwritten(early) == [("visit", "{do", ("forms", "visit"))]


def test_conditions_and_requirements_see_what_was_before_and_effects_what_the_step_fills_in() -> None:
    late = WORDS.replace(f", {FILLED}", "").replace("    to: done\n", "    to: done\n    form: visit\n")
    assert unwritten(late) == [
        ("finish", "when", ("forms", "visit")),
        ("finish", "require", ("case", "note")),
    ]


def test_whoever_takes_a_step_must_have_been_assigned() -> None:
    by = WORDS.replace("    to: done\n", "    to: done\n    by: handlers\n")
    assert unwritten(by) == []
    subject = subject_of(by)
    nobody = MeaningInput(subject.workflow, subject.read, {}, None, ways_from_nothing(subject))
    assert [fact for _, fact in StepReads(nobody, 1).unwritten()] == [("parties", "handlers")]


def ways_from_nothing(subject: MeaningInput) -> Ways:
    """Return the ways of cases that begin with nothing."""
    return Ways(subject.workflow, (Entry(frozenset({("case", "seen")})),))


def test_a_step_from_a_state_no_case_reaches_reads_nothing() -> None:
    subject = subject_of()
    first, second = subject.workflow.transitions
    workflow = replace(subject.workflow, transitions=(replace(first, target="done"), second))
    found = StepReads(replace(subject, workflow=workflow), 1)
    assert found.sources == []
    assert list(found.unwritten()) == []
