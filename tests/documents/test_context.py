from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from document_factories import DRAW, ITEMS, PEOPLE, TODAY, definitions, inspection

from engine.app.ports.records import RegisterEntry
from engine.documents.context import both_names, document_context
from engine.documents.qr import QrCode, draw_code, paper_address, visit_code
from engine.lifecycle.forms.in_words import shown_answers
from engine.lifecycle.model.form import Field, FieldType, Form

ZONE = ZoneInfo("Asia/Shanghai")


def context(**more: Any) -> dict[str, Any]:
    workflows, bureau = definitions()
    people = more.pop("people", PEOPLE)
    case = more.pop("case", inspection())
    return document_context(case, bureau, people, workflow=workflows["inspection"], today=TODAY, **more)


def test_the_case_the_bureau_and_the_subject() -> None:
    found = context(number="17")
    assert found["bureau"]["id"] == definitions()[1].id
    assert found["case"]["id"] == "inspection-17"
    assert found["case"]["opened_on"] == date(2024, 9, 14)
    assert found["case"]["section_title"] == definitions()[1].sections["labour_inspection"]
    assert found["case"]["fields"]["items"] == ["L01", "L02"]
    assert found["subject"]["address"] == "示例区清河路8号"
    assert (found["today"], found["number"]) == (TODAY, "17")
    assert (found["draw"], found["texts"], found["items"], found["check_forms"]) == (None, {}, [], [])


def test_a_day_is_the_day_of_the_bureau() -> None:
    late = replace(inspection(), opened_at=datetime(2024, 9, 14, 16, 30, tzinfo=UTC), section=None)
    found = context(case=replace(late, subject={"id": "O1"}))
    assert found["case"]["opened_on"] == date(2024, 9, 15)
    assert (found["case"]["section"], found["case"]["section_title"]) == (None, "")
    assert found["subject"] == {"id": "O1", "name": "", "address": ""}


def test_people_of_the_parties_also_such_as_no_register_knows() -> None:
    found = context(people=PEOPLE[:1])
    first, second = found["parties"]["inspectors"]
    assert found["people"] == [first, second]
    assert first["name"] == "检查员甲"
    assert (first["cert_no"], first["cert_valid_to"]) == ("冀A-0101", "2026-12-31")
    assert first["section_title"] == definitions()[1].sections["labour_inspection"]
    assert (second["id"], second["name"], second["cert_no"], second["section_title"]) == (
        "P02",
        "P02",
        "",
        "",
    )
    assert second["party"] == "inspectors"
    assert second["party_title"] == definitions()[0]["inspection"].parties["inspectors"]


def test_items_and_their_forms_to_be_filled_by_hand() -> None:
    found = context(items=[*ITEMS, RegisterEntry("items", "L03", "其他", None, {"form": "none"}), ITEMS[0]])
    assert [(item["code"], item["title"]) for item in found["items"][:2]] == [
        (item.id, item.name) for item in ITEMS
    ]
    assert [form["id"] for form in found["check_forms"]] == ["employment_check", "hr_agency_check"]
    first = found["check_forms"][0]
    form = definitions()[0]["inspection"].forms["employment_check"]
    assert first["title"] == form.title
    assert [row["title"] for row in first["rows"]] == [row.title for row in form.rows]
    assert [one["title"] for one in first["fields"]] == [
        one.title for one in form.fields if one.computed is None
    ]
    assert all(set(row) == {"title", "points", "basis", "method"} for row in first["rows"])


def test_answers_as_kept_and_as_read() -> None:
    found = context()
    forms = definitions()[0]["inspection"].forms
    assert set(found["forms"]) == set(found["shown"]) == set(forms)
    assert found["forms"]["inspection_approval"]["planned_on"] == "2024-09-14"
    assert found["shown"]["inspection_approval"]["planned_on"] == "2024年9月14日"
    assert found["shown"]["inspection_approval"]["materials"] == "职工名册、劳动合同、近三个月工资支付台账"
    assert found["shown"]["notice"]["rights_told"] == "是"
    assert found["shown"]["onsite_check"]["arrived_at"] == "2024年9月14日 09:30"
    assert found["shown"]["onsite_check"]["signed_by"] == "检查员甲、检查员乙"
    empty = next(name for name in forms if name not in inspection().forms)
    assert (found["forms"][empty], found["shown"][empty]) == ({}, {})


def test_rows_that_were_answered() -> None:
    passed, failed = context()["checked"]
    assert (passed["note"], passed["evidence"]) == ("", "")
    assert (failed["note"], failed["evidence"]) == ("两名新职工未订立书面合同", "照片2")
    assert passed["answer"] != failed["answer"]
    rows = {row.id: row.title for row in definitions()[0]["inspection"].forms["employment_check"].rows}
    assert (passed["title"], failed["title"]) == (rows["rules"], rows["contract_signing"])
    other: dict[str, Any] = {"onsite_check": {"items": {"unknown": {"rows": {}}, "employment_check": {}}}}
    assert context(case=replace(inspection(), forms=other))["checked"] == []


def test_the_code_is_of_the_visit_or_of_the_draw() -> None:
    visit = context(items=ITEMS)
    assert visit["code"] == visit_code(
        "inspection-17", "91130102MA07X3K21Q", ["L01", "L02"], ["冀A-0101", "冀A-0102"]
    )
    assert str(visit["qr"]) == str(
        QrCode(paper_address("https://shuangsuiji.example", visit["code"]), "任务二维码")
    )
    drawn = context(draw=DRAW, texts={"discipline": ("一", "二")})
    assert drawn["code"] == draw_code("inspection-17", 1, "5f" * 32)
    assert drawn["draw"] == DRAW
    assert drawn["draw"] is not DRAW
    assert drawn["texts"] == {"discipline": ["一", "二"]}


def field(name: str, kind: FieldType, **more: Any) -> Field:
    return Field(name=name, title=f"题{name}", type=kind, **more)


@pytest.mark.parametrize(
    ("asked", "value", "text"),
    [
        (field("a", FieldType.TEXT), "甲", "甲"),
        (field("a", FieldType.BOOLEAN), True, "是"),
        (field("a", FieldType.BOOLEAN), False, "否"),
        (field("a", FieldType.INTEGER, unit="人"), 3, "3人"),
        (field("a", FieldType.INTEGER), 0, "0"),
        (field("a", FieldType.CHOICE, choices={"x": "选甲"}), "x", "选甲"),
        (field("a", FieldType.CHOICES, choices={"x": "选甲", "y": "选乙"}), ["y", "x", "z"], "选乙、选甲、z"),
        (field("a", FieldType.PERSON), "P01", "检查员甲"),
        (field("a", FieldType.PERSONS), ["P01", "P99"], "检查员甲、P99"),
        (field("a", FieldType.DATE), "2024-01-02", "2024年1月2日"),
        (field("a", FieldType.DATETIME), "2024-01-02T16:05:00+00:00", "2024年1月3日 00:05"),
        (field("a", FieldType.DATETIME), "2024-01-02T16:05:00", "2024年1月2日 16:05"),
        (
            field("a", FieldType.LIST, columns=(field("b", FieldType.TEXT), field("c", FieldType.DATE))),
            [{"b": "甲", "c": "2024-01-02"}, {"b": "乙", "c": None}],
            "题b 甲，题c 2024年1月2日；题b 乙",
        ),
    ],
)
def test_an_answer_as_people_read_it(asked: Field, value: Any, text: str) -> None:
    form = Form(id="f", title="表", fields=(asked, field("other", FieldType.TEXT)))
    answers = {"a": value, "other": None, "unknown": 1}
    assert shown_answers(form, answers, {"P01": "检查员甲"}, ZONE) == {"a": text}


def test_items_that_answers_name_have_their_names() -> None:
    named = RegisterEntry(kind="items", id="LD-01", name="劳动规章制度", section=None, data={})
    found = context(named_items=[named])
    assert (found["items"], found["item_names"]) == ([], {"LD-01": "劳动规章制度"})


def test_a_renamed_question_is_there_under_both_of_its_names() -> None:
    column = Field(name="sum", title="数额", type=FieldType.INTEGER, alias="amount")
    form = Form(
        id="f",
        title="表",
        fields=(
            Field(name="staff", title="人数", type=FieldType.INTEGER, alias="workers"),
            Field(name="rows", title="行", type=FieldType.LIST, columns=(column,), alias="lines"),
            Field(name="other", title="其他", type=FieldType.TEXT),
        ),
    )
    rows = [{"sum": 3, "amount": 3}]
    assert both_names(form, {"staff": 7, "rows": [{"sum": 3}], "other": "x"}) == {
        "staff": 7,
        "workers": 7,
        "rows": rows,
        "lines": rows,
        "other": "x",
    }
