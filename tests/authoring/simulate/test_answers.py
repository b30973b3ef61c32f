"""Answers for a rehearsal: choices, what is to blame, what else is worth trying."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.authoring.simulate.answers import (
    Guess,
    Setting,
    alternatives,
    beside,
    blamed,
    day,
    first_of,
    instant,
    members,
    person,
)
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, Literal, Name
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import Field, FieldType, Form

NOW = datetime(2024, 9, 2, 10, 0, 0, 9, tzinfo=UTC)
SCOPE: dict[str, Any] = {
    "today": "2024-09-02",
    "actor": {"id": "anna"},
    "subject": {"id": "E1"},
    "case": {"number": "甲1"},
    "forms": {"grant": {"number": "乙2", "inner": {"x": 5}}},
    "team": [{"id": "carl"}, {"id": "dora"}],
    "nobody": [],
}
AT = Setting(SCOPE, NOW, ("anna", "bela", "carl"))


def field(kind: str, name: str = "x", **more: Any) -> Field:
    return Field(name=name, title="问", type=FieldType(kind), **more)


def tried(asked: Field, clauses: str = "", answers: dict[str, Any] | None = None) -> list[Any]:
    return [choose(AT) for choose in alternatives(asked, clauses, answers or {}, AT)]


def test_choices_follow_the_day_and_the_people() -> None:
    assert (day(0)(AT), day(-2)(AT), day(30)(AT)) == ("2024-09-02", "2024-08-31", "2024-10-02")
    assert instant(-24)(AT) == "2024-09-01T10:00:00+00:00"
    assert [person(place)(AT) for place in (0, 2, 4)] == ["anna", "carl", "bela"]
    assert person(1)(Setting(SCOPE, NOW, ())) is None
    assert (first_of(2)(AT), first_of(None)(AT)) == (["anna", "bela"], ["anna", "bela", "carl"])
    assert (members("team")(AT), members("missing")(AT)) == (["carl", "dora"], [])


def test_who_was_recused_is_named_for_no_party_and_who_is_kept_apart_is_another() -> None:
    barred = Setting(SCOPE, NOW, ("anna", "bela", "emil"), barred=frozenset({"carl"}))
    assert members("team")(barred) == ["dora"]
    # Neither of the party, nor who fills the form in.
    assert beside(2)(Setting(SCOPE, NOW, ("anna", "bela", "carl", "emil"))) == ["bela", "emil"]
    assert ["bela"] in tried(field("persons"), "disjoint(form.leaving, form.x)")
    assert ["bela"] not in tried(field("persons"), "length(form.x) >= 2")


def test_where_an_answer_is_insisted_on_the_condition_of_its_question_is_to_blame() -> None:
    asked = Condition(Expression("form.granted", Name(("form", "granted"))))
    granted, acts = field("boolean", "granted"), field("choice", "acts", relevant=asked)
    form = Form(id="sheet", title="记录", fields=(granted, acts))
    reasons = (RefusalReason("form", say("不适用"), field="acts"),)
    assert blamed(reasons, form) == ([acts], "")
    assert blamed(reasons, form, {"acts"}) == ([granted], "form.granted")


def test_fields_are_blamed_by_name_or_because_a_clause_speaks_of_them() -> None:
    one, two, three = field("text", "one"), field("integer", "two"), field("date", "three")
    worked_out = field("integer", "four", computed=Expression("1", Literal(1)))
    form = Form(id="sheet", title="记录", fields=(one, two, three, worked_out))
    reasons = (
        RefusalReason("form", say("错"), field="one.1"),
        RefusalReason("guard", say("错"), clause="form.two > forms.other.four"),
        RefusalReason("state", say("错")),
    )
    assert blamed(reasons, form) == ([one, two], "\nform.two > forms.other.four\n")
    assert blamed((), form) == ([], "")


@pytest.mark.parametrize(
    ("asked", "clauses", "among"),
    [
        (field("date"), "", ["2024-09-02", "2024-09-12", "2024-06-04"]),
        (field("datetime"), "", ["2024-09-02T10:00:00+00:00", "2024-09-05T10:00:00+00:00"]),
        (field("person"), "", ["anna", "bela", "carl"]),
        (field("persons"), "", [["carl", "dora"], ["anna", "bela"], ["anna", "bela", "carl"], ["anna"]]),
        (field("boolean"), "", [True, False]),
        (field("choice", choices={"a": "甲", "b": "乙"}), "", ["a", "b"]),
        (field("choices", choices={"a": "甲", "b": "乙"}), "", [["a"], ["b"], ["a", "b"]]),
        (field("integer", least=40), "form.x > 4321", [4320, 4321, 4322, 4323, 40]),
        (field("decimal"), "form.x >= 7", ["7", "8"]),
        (field("ratio"), "form.x > 33", ["34%", "5%"]),
        (field("list"), "'一' in form.x", [["一"]]),
        (field("text"), "form.x == 'yes' or form.x == \"no\"", ["yes", "no", "E1", "anna"]),
        (field("text"), "form.x == forms.grant.number and case.number", ["乙2", "甲1"]),
        (field("text", "number"), "", ["乙2"]),
        (field("text", example="例"), "", ["例"]),
        (field("integer"), "form.x == forms.grant.inner", [{"x": 5}]),
    ],
)
def test_what_is_worth_trying(asked: Field, clauses: str, among: list[Any]) -> None:
    found = tried(asked, clauses)
    assert all(value in found for value in among)


def test_what_other_fields_hold_is_tried_too() -> None:
    assert "丙3" in tried(field("text"), "", {"other": "丙3"})
    assert "emil" in tried(field("person"), "", {"signed_by": ["emil", 5]})
    assert 5 not in tried(field("person"), "", {"signed_by": ["emil", 5]})
    # Nothing is tried that is no answer, and a file cannot be guessed at all.
    assert "" not in tried(field("text"), "form.x == ''")
    assert tried(field("file")) == []


def test_tables_have_several_rows_that_differ() -> None:
    columns = (
        field("choice", "kind", required=True, choices={"a": "甲", "b": "乙"}),
        field("file", "proof", required=True),
        field("integer", "n"),
    )
    tables = tried(field("list", columns=columns, least=2))
    assert {len(table) for table in tables} == {2, 3, 4}
    assert [row["kind"] for row in tables[0]] == ["a", "b"]
    # A column nothing can be guessed for holds its title; one that is not required comes and goes.
    assert tables[0][1]["proof"] == "问2"
    assert {"n" in table[0] for table in tables} == {True, False}


def test_the_example_of_a_table_is_kept_but_for_one_column() -> None:
    columns = (field("text", "what"), field("choice", "kind", choices={"a": "甲", "b": "乙"}))
    example = [{"what": "一", "kind": "a"}, {"what": "二", "kind": "a"}]
    tables = tried(field("list", columns=columns, example=example))
    assert tables == [
        example,
        [{"what": "一", "kind": "a"}, {"what": "二", "kind": "a"}],
        [{"what": "一", "kind": "b"}, {"what": "二", "kind": "b"}],
    ]


FORM = Form(
    id="sheet",
    title="记录",
    fields=(field("text", "note", required=True), field("date", "on", required=True), field("integer", "n")),
)


def guess(number: int = 1, **chosen: Any) -> Guess:
    return Guess(AT, ("seed", number), number, chosen, problems=False)


def test_what_was_chosen_goes_before_what_follows_from_the_type() -> None:
    made = guess(on=day(3), n=lambda at: 7)
    assert made.filled(FORM, ()) == {"note": "问（演示）", "on": "2024-09-05", "n": 7}
    assert guess().filled(FORM, ()) == {"note": "问（演示）", "on": "2024-09-02"}
    assert made.given_answer(FORM, FORM.fields[0], SCOPE) is None
    assert made.given_answer(FORM, FORM.fields[1], SCOPE) == "2024-09-05"


def test_values_by_example_chance_or_party() -> None:
    made = guess()
    assert made.value(field("integer", example=9)) == 9
    assert made.value(field("persons")) == ["carl", "dora"]
    assert made.value(field("integer")) == 1
    kind = field("choice", choices={"a": "甲", "b": "乙"})
    assert {guess(n).value(kind) for n in range(20)} == {"a", "b"}
    assert {guess(n).value(field("boolean")) for n in range(30)} == {True, False}
    assert guess(3).value(kind) == guess(3).value(kind)
    lonely = Guess(Setting({**SCOPE, "team": []}, NOW, ("bela",)), ("s",), 1, {}, problems=False)
    assert lonely.value(field("persons")) == ["bela"]


@pytest.mark.parametrize("kind", [kind for kind in FieldType if kind not in (FieldType.LIST, FieldType.NOTE)])
def test_a_guess_is_an_answer_of_its_type(kind: FieldType) -> None:
    asked = field(kind, choices={"a": "甲", "b": "乙"})
    _, problem = read_value(asked, guess().value(asked))
    assert problem is None
