"""What is written into a number of the case, and which numbers it can be."""

from __future__ import annotations

from fractions import Fraction

from meaning_example import subject_of

from engine.definition.meaning.answers.numbers_there import (
    allowed,
    given_number,
    is_number,
    numbers_given,
    writes,
)
from engine.definition.meaning.answers.values_there import ValuesThere
from engine.lifecycle.model.form import Field, FieldType

WRITTEN = """\
fields:
  - found: {title: 问题, type: integer}
start: {by: clerk, then: [{set: {found: 3}}]}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: visit, title: 走访, from: open, to: later, form: visit, then: [{set: {found: = form.staff}}]}
  - {do: finish, title: 办结, from: later, to: done, when: case.found > 5}
"""


def test_all_that_is_written_is_found() -> None:
    found = writes(subject_of(WRITTEN), "found")
    assert found is not None
    assert [(one.step.id, one.at_first) for one in found] == [("", True), ("visit", False)]
    assert given_number(found[0]) == {Fraction(3)}
    given = given_number(found[1])
    assert isinstance(given, Field)
    assert given.name == "staff"
    assert numbers_given(found[0], {Fraction(2), Fraction(3)}) == {3}
    assert numbers_given(found[1], {Fraction(2), Fraction(5, 2)}) == {2}


def test_what_is_worked_out_is_not_followed() -> None:
    subject = subject_of(WRITTEN.replace("= form.staff", '"= form.staff + 1"'))
    assert ValuesThere.of(subject).before(("case", "found"), ["later"]) is None


def test_the_numbers_of_a_state_are_those_written_on_the_way() -> None:
    values = ValuesThere.of(subject_of(WRITTEN))
    assert values.before(("case", "found"), ["open"]) == {3}
    # The number of people need not be given.
    assert values.before(("case", "found"), ["later"]) == {None, 2, 3, 4, 5, 6}


def test_a_case_that_begins_with_what_no_definition_says_is_not_followed() -> None:
    subject = subject_of(WRITTEN.replace(", then: [{set: {found: 3}}]", ""))
    found = writes(subject, "found")
    assert found is not None
    assert [one.step.id for one in found] == ["visit"]


def test_what_a_question_can_be_answered_with() -> None:
    asked = Field(name="n", title="数", type=FieldType.INTEGER, least=1, most=3)
    assert [one for one in (0, 1, 2, 3, 4, Fraction(3, 2)) if allowed(asked, Fraction(one))] == [1, 2, 3]
    assert is_number(3)
    assert not is_number(True)
