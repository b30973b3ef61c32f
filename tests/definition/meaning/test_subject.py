"""Where keys, expressions and arguments of effects are written; the ways are worked out once."""

from __future__ import annotations

from meaning_example import VISIT, parsed, subject_of

from engine.definition.meaning.subject import FormPlaces
from engine.lifecycle.model.workflow import Effect


def test_the_place_of_an_expression_is_where_it_is_written() -> None:
    subject = subject_of()
    step, top = subject.workflow.transitions[1], subject.read.top
    assert step.when is not None
    place = subject.place(step.when.expression, top)
    assert place.line == subject.key(1, "when").line
    assert place is not top
    assert subject.place(parsed("1 > 0"), top) is top
    assert subject.place(None, top) is top


def test_of_several_keys_the_first_that_is_written() -> None:
    subject = subject_of()
    places = subject.read.steps[1][1]
    assert subject.key(1, "warn", "require") is places["require"]
    assert subject.key(1, "warn", "form") is places["do"]


def test_an_argument_is_where_its_entry_is_written() -> None:
    subject = subject_of()
    (effect,) = subject.workflow.transitions[1].then
    entry, word = subject.argument(1, effect, "set", "note"), subject.argument(1, effect, "set")
    assert (entry.line, word.line) == (effect.line, effect.line)
    assert entry.column > word.column
    assert subject.argument(1, effect, "when").line == effect.line + 1
    assert subject.argument(1, effect, "set", "nothing") is word
    elsewhere = Effect(kind="set", arguments={"set": {}}, line=1)
    assert subject.argument(1, elsewhere, "set") is subject.key(1, "then")


def test_the_ways_are_worked_out_once() -> None:
    subject = subject_of()
    assert subject.ways is subject.ways
    assert ("forms", "visit") in subject.ways.must()["later"]
    assert ("forms", "visit") not in subject.ways.may()["open"]


def test_an_expression_of_a_form_that_was_not_written_is_at_its_top() -> None:
    subject = subject_of()
    written, other = parsed("form.staff > 1"), parsed("form.staff > 1")
    place = subject.read.initial
    places = FormPlaces(VISIT, {id(written): (written, place)}, subject.read.top)
    assert places.place(written) is place
    assert places.place(other) is places.place(None) is subject.read.top
