"""Answers on a page: in words, with the names of people, also those of a draft nobody has checked."""

from __future__ import annotations

from page_visits import visit_of
from workbench_fixtures import Desk

from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.web.forms.shown import names_of_people, shown_answers

FIELDS = (
    Field(name="n", title="人数", type=FieldType.INTEGER, unit="人"),
    Field(name="told", title="已告知", type=FieldType.BOOLEAN),
    Field(name="day", title="日期", type=FieldType.DATE),
    Field(name="kinds", title="类别", type=FieldType.CHOICES, choices={"a": "甲", "b": "乙"}),
    Field(name="who", title="经办", type=FieldType.PERSON),
    Field(
        name="lines",
        title="清单",
        type=FieldType.LIST,
        columns=(Field(name="x", title="列", type=FieldType.INTEGER),),
    ),
)
FORM = Form(
    id="f", title="表", fields=FIELDS, rows=(CheckRow(id="r1", title="事项", points="要点", basis="条"),)
)
ITEM = Form(id="i", title="事项表", fields=(Field(name="n", title="数", type=FieldType.TEXT),))


def test_answers_are_shown_in_words_with_the_names_of_people(desk: Desk) -> None:
    visit = visit_of(desk)
    name = names_of_people(visit)["clerk-1"]
    assert name != "clerk-1"
    answers = {
        "n": 3,
        "told": "false",
        "day": "2027-05-01",
        "kinds": ["a", "b"],
        "who": "clerk-1",
        "lines": [{"x": 1}, {"x": 3}],
        "rows": {"r1": {"answer": "fail", "note": "缺页"}},
        "items": {"i": {"n": "五"}, "gone": {"n": "六"}},
    }
    assert shown_answers(visit, FORM, answers, (ITEM,)) == [
        ("人数", "3人"),
        ("已告知", "否"),
        ("日期", "2027年5月1日"),
        ("类别", "甲、乙"),
        ("经办", name),
        ("清单", "列 1；列 3"),
        ("事项", "不符合；缺页"),
        ("事项表·数", "五"),
    ]


def test_what_fits_no_field_is_shown_as_it_was_typed(desk: Desk) -> None:
    answers = {
        "n": "三",
        "told": "也许",
        "day": "下周",
        "lines": ["一", {"x": "二"}],
        "rows": {"r1": {"note": "只有说明"}, "r2": "x"},
        "items": {"i": "不是表"},
    }
    assert shown_answers(visit_of(desk), FORM, answers, (ITEM,)) == [
        ("人数", "三人"),
        ("已告知", "也许"),
        ("日期", "下周"),
        ("清单", "列 二"),
        ("事项", "只有说明"),
    ]
    assert shown_answers(visit_of(desk), FORM, {"rows": "x", "items": None, "n": None}, (ITEM,)) == []
