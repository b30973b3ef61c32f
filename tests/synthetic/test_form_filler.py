"""Forms filled in by type or as a scenario says: what comes out is what the reader of forms accepts."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.definition.library import load_files
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.synthetic.form_filler import Filler
from engine.synthetic.scenario import Scenario, read

NOW = datetime(2024, 9, 2, 2, 0, 0, 5, tzinfo=UTC)
SCOPE: dict[str, Any] = {
    "today": "2024-09-02",
    "actor": {"id": "anna"},
    "subject": {"id": "E1", "name": "示例厂"},
    "case": {"risk": "high"},
    "forms": {},
}
NOTHING = Scenario(start="", plan={}, habits={})


def form(text: str) -> Form:
    """Return the form of a text."""
    loaded = load_files({"form.yaml": textwrap.dedent(text)})
    assert not [p for p in loaded.problems if p.severity == "error"], loaded.problems
    (found,) = loaded.forms.values()
    return found


def filler(scenario: Scenario = NOTHING, number: int = 1, seed: str = "seed", **scope: Any) -> Filler:
    return Filler(scenario, {**SCOPE, **scope}, NOW, (seed, number), number)


def saying(**answers: Any) -> Scenario:
    """Return a scenario that says these answers of the form `sheet`."""
    body: dict[str, Any] = {
        "start": "", "plan": {}, "habits": {}, "registers": {}, "started": [], "year_end": {},
    }  # fmt: skip
    return read({**body, "forms": {"sheet": answers}})


SHEET = form("""
    form: sheet
    title: 记录
    fields:
      - note: {title: 说明}
      - kind: {title: 类别, choices: {a: 甲, b: 乙}}
      - extra: {title: 补充, optional: true}
      - why: {title: 原因, when: form.kind == 'b'}
      - odd: {title: 怪, when: not form.extra_flag}
      - extra_flag: {title: 旗, type: boolean, optional: true}
      - many: {title: 问题多, type: boolean, computed: form.problem_count > 0}
      - reason: {title: 问题原因, when: form.many}
    rows:
      - {id: contract, title: 劳动合同, points: 订立, basis: 某法}
      - {id: wages, title: 工资, points: 支付, basis: 某法}
""")
ITEM = form("""
    form: item
    title: 事项
    fields:
      - seen: {title: 所见}
    rows:
      - {id: safe, title: 安全, points: 有, basis: 某法}
""")


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (Field(name="x", title="问", type=FieldType.TEXT), "问（演示）"),
        (Field(name="x", title="问", type=FieldType.INTEGER), 1),
        (Field(name="x", title="问", type=FieldType.INTEGER, least=7), 7),
        (Field(name="x", title="问", type=FieldType.DECIMAL), "1"),
        (Field(name="x", title="问", type=FieldType.RATIO), "10%"),
        (Field(name="x", title="问", type=FieldType.BOOLEAN), True),
        (Field(name="x", title="问", type=FieldType.DATE), "2024-09-02"),
        (Field(name="x", title="问", type=FieldType.DATETIME), "2024-09-02T02:00:00+00:00"),
        (Field(name="x", title="问", type=FieldType.CHOICE, choices={"a": "甲", "b": "乙"}), "a"),
        (
            Field(
                name="x",
                title="问",
                type=FieldType.CHOICES,
                least=2,
                choices={"a": "甲", "b": "乙", "c": "丙"},
            ),
            ["a", "b"],
        ),
        (Field(name="x", title="问", type=FieldType.PERSON), "anna"),
        (Field(name="x", title="问", type=FieldType.PERSONS), ["anna"]),
        (Field(name="x", title="问", type=FieldType.OBJECT), "E1"),
        (Field(name="x", title="问", type=FieldType.LIST, least=3), ["问1", "问2", "问3"]),
    ],
)
def test_a_value_of_each_type(asked: Field, value: Any) -> None:
    assert filler().value(asked) == value


def test_rows_of_a_table_differ_where_their_columns_can() -> None:
    columns = (
        Field(name="kind", title="类", type=FieldType.CHOICE, required=True, choices={"a": "甲", "b": "乙"}),
        Field(name="note", title="注", type=FieldType.TEXT),
    )
    asked = Field(name="x", title="表", type=FieldType.LIST, columns=columns)
    assert filler().value(asked) == [{"kind": "a"}, {"kind": "b"}]


def test_a_file_has_a_name_and_a_digest_of_its_own() -> None:
    asked = Field(name="x", title="照片", type=FieldType.FILE)
    found = filler().value(asked)
    assert (found["name"], len(found["sha256"])) == ("照片.pdf", 64)
    assert found == filler().value(asked) != filler(seed="other").value(asked)
    assert filler().value(Field(name="x", title="照片", type=FieldType.FILES)) == [found]


def test_an_object_without_an_id_is_an_example() -> None:
    asked = Field(name="x", title="对象", type=FieldType.OBJECT)
    assert filler(subject={}).value(asked) == "示例"


def test_only_what_is_required_and_asked_is_answered() -> None:
    found = filler().fill(SHEET, (), problems=False)
    assert {name: found[name] for name in found if name != "rows"} == {"note": "说明（演示）", "kind": "a"}
    assert set(found["rows"]) == {"contract", "wages"}
    assert {row["answer"] for row in found["rows"].values()} <= {"pass", "n/a"}


def test_with_problems_rows_fail_and_what_follows_from_them_is_answered() -> None:
    found = filler().fill(SHEET, (), problems=True)
    assert found["rows"]["contract"] == {
        "answer": "fail",
        "note": "劳动合同：演示中的问题",
        "evidence": "演示证据",
    }
    assert found["reason"] == "问题原因（演示）"
    # What is worked out is never answered.
    assert "many" not in found


def test_the_first_of_the_forms_of_items_has_the_problems() -> None:
    found = filler().fill(SHEET, (ITEM,), problems=True)
    assert found["items"]["item"]["rows"]["safe"]["answer"] == "fail"
    assert found["items"]["item"]["seen"] == "所见（演示）"
    assert found["reason"] == "问题原因（演示）"


@pytest.mark.parametrize("problems", [False, True])
@pytest.mark.parametrize("number", range(4))
def test_what_is_filled_in_is_accepted(number: int, problems: bool) -> None:
    answers = filler(number=number).fill(SHEET, (ITEM,), problems)
    kept, wrong = read_answers(SHEET, [ITEM], answers, SCOPE)
    assert [str(problem) for problem in wrong] == []
    assert kept["kind"] == "a"
    rows = [*answers["rows"].values(), answers["items"]["item"]["rows"]["safe"]]
    assert problems == any(row["answer"] == "fail" for row in rows)


def test_what_the_scenario_says_goes_before_the_type() -> None:
    said = saying(note="subject.name", kind={"in_turn": ["'a'", "'b'"]}, extra="none")
    first, second = (filler(said, number=n).fill(SHEET, (), problems=False) for n in (1, 2))
    assert (first["note"], first["kind"], first["why"]) == ("示例厂", "b", "原因（演示）")
    assert (second["kind"], "why" in second) == ("a", False)


def test_what_is_said_to_be_left_out_is_left_out_though_it_is_required() -> None:
    made = filler(saying(note="none"))
    assert made.has_answer(SHEET, SHEET.fields[0])
    assert not made.has_answer(SHEET, SHEET.fields[1])
    assert made.given_answer(SHEET, SHEET.fields[0], SCOPE) is None
    assert "note" not in made.fill(SHEET, (), problems=False)


def test_of_a_wrong_row_with_several_duties_the_article_is_named() -> None:
    sheet = form("""
        form: sheet
        title: 记录
        fields: []
        rows:
          - one: {title: 甲, points: 甲, basis: 某法 第一条、第二条}
          - two: {title: 乙, points: 乙, basis: 某法 第三条}
    """)
    named = replace(NOTHING, articles={"sheet.one": "某法 第二条"})
    rows = filler(named).fill(sheet, (), True)["rows"]
    assert (rows["one"]["answer"], rows["one"]["article"]) == ("fail", "某法 第二条")
    assert "article" not in rows["two"]
    assert "article" not in filler(named).fill(sheet, (), False)["rows"]["one"]
