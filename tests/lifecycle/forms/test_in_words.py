"""Answers in words, and what changed since the form was last given."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.lifecycle.forms.in_words import (
    AnswerLine,
    codes_in,
    codes_in_rows,
    lines_of,
    people_in,
    shown_answers,
)
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form

ZONE = ZoneInfo("Asia/Shanghai")
FORM = Form(
    id="visit",
    title="检查",
    fields=(
        Field(name="kind", title="类别", type=FieldType.CHOICE, choices={"a": "甲类"}),
        Field(name="staff", title="职工", type=FieldType.INTEGER, unit="人"),
        Field(name="by", title="检查人", type=FieldType.PERSONS),
        Field(name="told", title="已告知", type=FieldType.BOOLEAN),
        Field(name="at", title="到达", type=FieldType.DATETIME),
        Field(name="proof", title="回证", type=FieldType.FILE),
        Field(
            name="team",
            title="名单",
            type=FieldType.LIST,
            columns=(Field(name="who", title="谁", type=FieldType.PERSON),),
        ),
    ),
    rows=(CheckRow(id="r1", title="合同", points="p", basis="b"),),
)
ANSWERS = {
    "kind": "a",
    "staff": 42,
    "by": ["p-1", "p-2"],
    "told": True,
    "at": "2026-03-02T01:30:00+00:00",
    "proof": {"name": "回证.pdf", "sha256": "0" * 64},
    "team": [{"who": "p-3"}],
    "rows": {"r1": {"answer": "fail", "note": "未签"}},
    "items": {"visit": {"kind": "a"}},
}


def test_answers_are_said_by_the_titles_of_fields_and_choices() -> None:
    lines = lines_of(FORM, ANSWERS, None, {"p-1": "张三"}, ZONE, {"visit": FORM})
    assert {line.title: line.text for line in lines} == {
        "类别": "甲类",
        "职工": "42人",
        "检查人": "张三、p-2",
        "已告知": "是",
        "到达": "2026年3月2日 09:30",
        "回证": "回证.pdf",
        "名单": "谁 p-3",
        "合同": "不符合；未签",
        "检查·类别": "甲类",
    }
    assert not any(line.changed for line in lines)


def test_what_changed_is_said_with_what_it_was() -> None:
    earlier = {"kind": "a", "staff": 40, "told": True}
    lines = lines_of(FORM, {"kind": "a", "staff": 42, "at": "2026-03-02T09:30"}, earlier, {}, ZONE, {})
    assert lines == (
        AnswerLine("类别", "甲类", False, "甲类"),
        AnswerLine("职工", "42人", True, "40人"),
        AnswerLine("到达", "2026年3月2日 09:30", True),
        AnswerLine("已告知", "", True, "是"),
    )


def test_people_are_found_in_rows_too() -> None:
    assert people_in(FORM, ANSWERS) == {"p-1", "p-2", "p-3"}
    assert shown_answers(FORM, {}, {}, ZONE) == {}


def test_codes_stand_in_lists_and_in_the_lists_of_rows() -> None:
    plan = Form(
        id="plan",
        title="计划",
        fields=(
            Field(name="codes", title="事项", type=FieldType.LIST),
            Field(
                name="batches",
                title="各期",
                type=FieldType.LIST,
                columns=(Field(name="items", title="事项", type=FieldType.LIST),),
            ),
        ),
    )
    answers = {"codes": ["LD-01"], "batches": [{"items": ["GZ-01", "SB-01"]}, {"items": None}, "not a row"]}
    assert codes_in_rows(plan, answers) == {"GZ-01", "SB-01"}
    assert codes_in(plan, answers) == {"LD-01", "GZ-01", "SB-01"}
    assert codes_in_rows(plan, {}) == set()
