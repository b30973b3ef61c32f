"""Which answers there can be in a state is what the steps on the way there were taken for."""

from __future__ import annotations

from dataclasses import replace

from meaning_example import VISIT, subject_of

from engine.definition.meaning.answers.values_there import ValuesThere, never_there, taken_when
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.expressions.source_text import source_text

#: Two outcomes by the answer, then a state each; both come together again.
WAYS = """\
start: {by: clerk}
fields:
  - kind: {title: 类别}
  - seen: {title: 已看, type: boolean}
states:
  open: {title: 待办, for: clerk}
  first: {title: 甲, for: clerk}
  other: {title: 乙, for: clerk}
  both: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - do: visit
    title: 走访
    from: open
    form: visit
    then: [{set: {seen: true}}]
    to:
      - first: form.method == 'onsite'
        then: [{set: {kind: one}}]
      - else: other
        then: [{set: {kind: two}}]
  - {do: up, title: 报, from: [first, other], to: both}
  - {do: back, title: 退, from: other, to: open}
  - {do: finish, title: 办结, from: first, to: done, when: CONDITION}
  - {do: end, title: 结束, from: both, to: done}
"""
METHOD, KIND, SEEN = ("forms", "visit", "method"), ("case", "kind"), ("case", "seen")


def values(condition: str = "case.seen", text: str = WAYS) -> ValuesThere:
    return ValuesThere.of(subject(text.replace("CONDITION", condition)))


def subject(blocks: str) -> MeaningInput:
    found = subject_of(blocks)
    method = replace(VISIT.fields[0], choices={"onsite": "现场", "12": "书面"})
    visit = replace(VISIT, fields=(method, *VISIT.fields[1:]))
    return replace(found, workflow=replace(found.workflow, forms={"visit": visit}))


def test_an_outcome_narrows_what_comes_after_it() -> None:
    there = values()
    assert there.before(METHOD, ["open"]) == frozenset({None, "12"})
    assert there.before(METHOD, ["first"]) == frozenset({"onsite"})
    assert there.before(METHOD, ["other"]) == frozenset({"12"})
    assert there.before(METHOD, ["both"]) == frozenset({"onsite", "12"})
    assert there.before(METHOD, ["first", "open"]) == frozenset({None, "onsite", "12"})
    assert there.before(KIND, ["first"]) == frozenset({"one"})
    assert there.before(SEEN, ["open"]) == frozenset({None, True})
    assert there.before(SEEN, ["both"]) == frozenset({True})


def test_what_is_not_one_of_few_is_not_known() -> None:
    there = values()
    assert there.every(KIND) == frozenset({"one", "two"})
    assert there.before(("forms", "visit", "staff"), ["first"]) is None
    assert there.before(("case", "nothing"), ["first"]) is None
    assert there.before(KIND, []) == frozenset()


def test_an_answer_that_may_be_corrected_may_be_any() -> None:
    corrected = WAYS.replace("title: 甲, for: clerk", "title: 甲, for: clerk, verbs: {correct: {by: clerk}}")
    there = values(text=corrected)
    assert there.before(METHOD, ["first"]) == frozenset({"onsite", "12"})
    assert there.before(METHOD, ["both"]) == frozenset({"onsite", "12"})
    assert there.before(KIND, ["first"]) == frozenset({"one"})


def test_an_outcome_is_taken_when_none_before_it_is() -> None:
    nodes = taken_when(subject(WAYS.replace("CONDITION", "case.seen")), 1)
    assert [source_text(node) for node in nodes] == ["not (form.method == 'onsite')"]


def never(condition: str) -> list[tuple[str, tuple[str, ...]]]:
    there = values(condition)
    number = next(at for at, step in enumerate(there.subject.workflow.transitions) if step.id == "finish")
    when = there.subject.workflow.transitions[number].when
    assert when is not None
    return [(source_text(part), path) for part, path, _ in never_there(there, number, when.expression.node)]


def test_a_condition_over_what_cannot_be_there_never_holds() -> None:
    assert never("case.kind == 'two'") == [("case.kind == 'two'", KIND)]
    assert never("case.seen or case.kind == 'two'") == [("case.kind == 'two'", KIND)]
    assert never("forms.visit.method == '12' and case.seen") == [
        ("forms.visit.method == '12' and case.seen", METHOD)
    ]
    assert never("not case.seen") == [("not case.seen", SEEN)]
    assert never("case.kind == 'one'") == []
    assert never("forms.visit.method != '12'") == []
    assert values().asked_by(METHOD) == frozenset({"visit"})
