"""What a text of the case can be, and what may change while a case stays."""

from __future__ import annotations

from meaning_example import subject_of

from engine.definition.meaning.gaps import fields_kept, may_change
from engine.lifecycle.model.form import FieldType

KEPT = """\
start: {by: clerk}
fields:
  - outcome: {title: 结果}
  - other: {title: 其他}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: note, title: 记录, from: open, then: [{set: {other: = case.title}}]}
  - {do: visit, title: 走访, from: open, to: done, when: case.other != '', then: [{set: {outcome: visited}}]}
  - {do: leave, title: 不办, from: open, to: done, when: today >= case.opened_on, then: [{set: {outcome: left}}]}
"""


def test_a_text_only_steps_write_is_one_of_what_they_write() -> None:
    field_of = fields_kept(subject_of(KEPT), None)
    outcome, other = field_of(("case", "outcome")), field_of(("case", "other"))
    assert outcome is not None
    assert outcome.type is FieldType.CHOICE
    assert list(outcome.choices) == ["visited", "left"]
    assert other is not None
    assert other.type is FieldType.TEXT


def test_what_a_step_of_the_state_writes_and_the_day_may_change() -> None:
    subject = subject_of(KEPT)
    _, visit, leave = subject.workflow.transitions
    assert visit.when is not None
    assert leave.when is not None
    assert may_change(subject, "open", visit.when.expression.node)
    assert may_change(subject, "open", leave.when.expression.node)


def test_what_nothing_writes_there_stays() -> None:
    subject = subject_of(KEPT.replace("case.other != ''", "case.outcome == 'left'"))
    when = subject.workflow.transitions[1].when
    assert when is not None
    assert not may_change(subject, "open", when.expression.node)
