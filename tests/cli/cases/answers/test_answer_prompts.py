"""What is said of a question on a terminal."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

import pytest

from engine.cli.cases.answers.answer_prompts import answer_text, question_of, said_of
from engine.cli.cases.answers.typed_answer import typed_answer
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import FILES, YES_NO_NA, Field, FieldType

ZONE = ZoneInfo("Asia/Shanghai")
CHOICES = {"a": "甲类", "b": "乙类"}
#: Written as an example after 如, or as what is to be written after 写.
SHOWN = re.compile(r"[如写] ([^\s）、,]+(?:, [^\s）、]+| \d\d:\d\d)?)(?: 或 ([^\s）、]+))?")


def asked(kind: FieldType) -> Field:
    of_list = kind in (FieldType.CHOICE, FieldType.CHOICES)
    choices = CHOICES if of_list else YES_NO_NA if kind is FieldType.YES_NO_NA else {}
    return Field(name="x", title="问", type=kind, choices=choices)


def question(one: Field, before: object = None, *, lines: bool = False) -> str:
    return str(question_of(one, before, {}, ZONE, lines=lines))


@pytest.mark.parametrize("kind", [kind for kind in FieldType if kind is not FieldType.NOTE])
def test_what_a_question_shows_can_be_typed_as_it_stands(kind: FieldType) -> None:
    said = question(asked(kind))
    assert not set('[]"') & set(said)
    shown = [one for found in SHOWN.findall(said) for one in found if one]
    assert shown or kind not in {
        *(FieldType.DECIMAL, FieldType.MONEY, FieldType.RATIO, FieldType.PLACE, FieldType.BOOLEAN),
        *(FieldType.DATE, FieldType.DATETIME, FieldType.TIME),
    }
    for text in shown:
        one = asked(kind)
        kept, problem = read_value(one, typed_answer(one, text, one.choices), ZONE)
        assert problem is None, text
        assert kept is not None


def test_several_lines_are_offered_where_they_can_be_typed_and_what_stands_is_quoted_in_part() -> None:
    long = asked(FieldType.LONG_TEXT)
    assert "Ctrl+D" not in question(long)
    assert "写完按 Ctrl+D" in question(long, lines=True)
    before = question(long, "字" * 900, lines=True)
    assert (before.count("字") < 210, "…，回车不变" in before, "按 ↑ 取来改" in before) == (True, True, True)
    assert "Ctrl+D" not in question(asked(FieldType.TEXT), lines=True)
    assert "文件的路径" in question(asked(FILES[0]))
    assert "一行一项" in question(asked(FieldType.PERSONS))


def test_help_is_said_in_its_lines_and_of_many_choices_only_how_many() -> None:
    one = Field(name="x", title="问", type=FieldType.CHOICE, help="一\n二\x1b", basis="条例", choices=CHOICES)
    assert list(said_of(one, CHOICES)) == ["依据：条例", "一\n二\\u001b", "  1  甲类", "  2  乙类"]
    assert list(said_of(one, {str(n): "项" for n in range(30)}))[2:] == ["  有 30 个选项，输入其中几个字查找"]


def test_an_answer_is_shown_as_people_read_it() -> None:
    row = Field(
        name="rows",
        title="单",
        type=FieldType.LIST,
        columns=(
            Field(name="k", title="类", type=FieldType.CHOICE, choices=CHOICES),
            Field(name="ok", title="属实", type=FieldType.BOOLEAN),
            Field(name="p", title="人", type=FieldType.PERSON),
        ),
    )
    said = {
        FieldType.BOOLEAN: (True, "是"),
        FieldType.CHOICES: (["a", "c"], "甲类、c"),
        FieldType.YES_NO_NA: ("n/a", "不适用"),
        FieldType.PHOTOS: ([{"name": "a.png", "sha256": "0" * 64}], "a.png"),
        FieldType.PLACE: ({"latitude": "39.9", "longitude": "116.4", "address": "某路1号"}, "39.9, 116.4（某路1号）"),
        FieldType.PERSONS: (["insp-01", "x"], "张三、x"),
        FieldType.DATETIME: ("2024-04-20T01:30:00+00:00", "2024年4月20日 09:30"),
        FieldType.INTEGER: ("三", "三"),
        FieldType.TEXT: (None, "-"),
    }  # fmt: skip
    names = {"insp-01": "张三"}
    for kind, (value, text) in said.items():
        assert answer_text(asked(kind), value, names, ZONE) == text
    rows = [{"k": "a", "ok": False, "p": "insp-01"}, {"k": "b"}]
    assert answer_text(row, rows, names, ZONE) == "类 甲类，属实 否，人 张三；类 乙类"
    assert answer_text(asked(FieldType.LONG_TEXT), "一\n二", names, ZONE) == "一\\u000a二"
    assert answer_text(asked(FieldType.LONG_TEXT), "一\n二", names, ZONE, lines=True) == "一\n二"
