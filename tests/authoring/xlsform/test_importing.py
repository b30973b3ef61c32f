"""Workbooks with every construct of XLSForm, and what they come to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsform_books import CHOICES, errors, form_of, imported, others, workbook

from engine.authoring.xlsform.importing import import_form
from engine.authoring.xlsform.sheets import XlsFormError
from engine.lifecycle.forms.answers import read_answers
from tests.examples import examples

HEAD = ["type", "name", "label", "required", "relevant", "constraint", "constraint_message", "calculation"]

KINDS = {
    "text": "text", "integer": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "datetime",
    "geopoint": "place", "image": "photo", "audio": "file", "video": "file", "file": "file", "acknowledge": "boolean",
    "note": "note", "select_one area": "choice", "select_multiple area": "choices", "range": "integer",
    "barcode": "text", "trigger": "boolean", "string": "text", "int": "integer", "photo": "photo",
    "select one from area": "choice", "add text prompt": "text", "q date": "date",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "expected"), KINDS.items())
def test_each_type_becomes_one_of_ours(kind: str, expected: str) -> None:
    made = imported([HEAD, [kind, "x", "问题", "yes"]], CHOICES)
    assert errors(made) == []
    (field,) = form_of(made).fields
    assert (field.name, field.title, field.type.value) == ("x", "问题", expected)
    assert field.required is (expected != "note")


@pytest.mark.parametrize(
    "kind",
    [
        "rank area",
        "geotrace",
        "select_one_from_file a.csv",
        "select_one_external area",
        "csv-external",
        "texte",
        "osm",
    ],
)
def test_a_type_without_a_counterpart_is_named_by_its_cell(kind: str) -> None:
    made = imported([HEAD, ["text", "y", "甲"], [kind, "x", "问题"]], CHOICES)
    assert errors(made) == ["survey A3 unsupported-type"]
    assert [field.name for field in form_of(made).fields] == ["y"]


def test_what_a_phone_notes_by_itself_is_left_to_the_history() -> None:
    made = imported([HEAD, ["start", "start"], ["deviceid", "d"], ["text", "x", "问题"]])
    assert made.complete
    assert others(made) == ["survey A2 metadata", "survey A3 metadata"]


def test_conditions_constraints_and_calculations() -> None:
    made = imported(
        [
            HEAD,
            ["integer", "staff", "职工人数", "yes", None, ". > 0 and . < 1000", "人数不对"],
            ["select_multiple fault", "faults", "问题", "yes"],
            ["decimal", "owed", "欠薪", "yes", "selected(${faults}, 'wages') and ${staff} > 5"],
            ["calculate", "each", "", None, None, None, None, "${owed} div ${staff}"],
            ["text", "why", "说明", "${staff} >= 10", "${faults} != ''"],
            ["date", "day", "日期", "no", None, ". <= today()"],
        ],
        CHOICES,
    )
    assert errors(made) == []
    form = form_of(made)
    by_name = {field.name: field for field in form.fields}
    assert by_name["owed"].relevant is not None
    assert by_name["owed"].relevant.expression.source == "'wages' in form.faults and form.staff > 5"
    assert by_name["each"].computed is not None
    assert by_name["each"].computed.source == "round(form.owed / form.staff, 6)"
    assert others(made) == ["survey H5 rounded"]
    answers: dict[str, Any] = {"staff": 10, "faults": ["wages"], "owed": "100", "day": "2024-01-03"}
    _, problems = read_answers(form, (), answers, {"today": "2024-01-02"})
    assert [str(problem.message) for problem in problems] == [
        "“日期”不合要求：. <= today()",
        "“说明”必须填写",
    ]
    _, problems = read_answers(form, (), {"staff": 0, "faults": ["none"]}, {"today": "2024-01-02"})
    assert [str(problem.message) for problem in problems] == ["人数不对"]


def test_groups_are_headings_and_repeats_are_lists_of_rows() -> None:
    made = imported(
        [
            HEAD,
            ["text", "firm", "企业", "yes"],
            ["begin group", "g", "欠薪", None, "${firm} = 'a'"],
            ["integer", "count", "人数", "yes"],
            ["begin_group", "h", "明细"],
            ["begin repeat", "workers", "职工"],
            ["text", "name", "姓名", "yes"],
            ["begin group", "i", "金额", None, "${name} != 'x'"],
            ["decimal", "owed", "欠薪", "yes", None, ". > 0"],
            ["end group"],
            ["end repeat"],
            ["end group"],
            ["end_group"],
            ["calculate", "total", None, None, None, None, None, "sum(${owed})"],
            ["text", "remark", "备注", None, "count(${workers}) > 1"],
        ],
        settings=[["form_title", "form_id"], ["欠薪调查", "Wages-2024"]],
    )
    assert errors(made) == []
    form = form_of(made)
    assert (form.id, form.title) == ("wages_2024", "欠薪调查")
    assert [(field.name, field.section) for field in form.fields] == [
        ("firm", None),
        ("count", "欠薪"),
        ("workers", "欠薪 / 明细"),
        ("total", "欠薪调查"),
        ("remark", "欠薪调查"),
    ]
    rows = [{"name": "甲", "owed": "5"}, {"name": "x"}]
    kept, problems = read_answers(form, (), {"firm": "a", "count": 1, "workers": rows}, {})
    assert problems == []
    assert kept["workers"] == rows
    kept, problems = read_answers(form, (), {"firm": "b"}, {})
    assert problems == []
    assert kept["not_asked"] == ["count", "workers", "remark"]


def test_choice_filters_are_codes_offered_under_a_condition() -> None:
    head = ["type", "name", "label", "required", "choice_filter"]
    made = imported(
        [
            head,
            ["select_one area", "area", "片区", "yes"],
            ["select_one town", "town", "镇", "yes", "area = ${area}"],
        ],
        CHOICES,
    )
    assert errors(made) == []
    town = form_of(made).fields[1]
    assert [(offer.codes, offer.when.expression.source) for offer in town.offered] == [
        (("a",), "form.area == 'north'"),
        (("b", "c"), "form.area == 'south'"),
    ]


def test_labels_in_several_languages() -> None:
    survey = [
        ["type", "name", "label::English (en)", "label::中文 (zh)", "hint::English (en)", "hint::中文 (zh)"],
        ["text", "x", "Question", "问题", "A hint", "提示"],
    ]
    made = imported(survey)
    assert [(f.title, f.help) for f in form_of(made).fields] == [("问题", "提示")]
    assert others(made) == ["survey C1 other-language", "survey E1 other-language"]
    assert form_of(imported(survey, language="english")).fields[0].title == "Question"
    with pytest.raises(XlsFormError):
        imported(survey, language="français")


def test_no_answer_is_filled_in() -> None:
    made = imported(
        [
            ["type", "name", "label", "default", "calculation", "appearance", "read_only"],
            ["text", "a", "甲", "x"],
            ["text", "b", "乙", None, "1 + 1"],
            ["integer", "c", "丙", None, "1 + 1", None, "yes"],
            ["text", "d", "丁", None, None, "multiline"],
        ]
    )
    assert errors(made) == []
    assert others(made) == [
        "survey D2 default-ignored", "survey E3 default-ignored", "survey F5 appearance-ignored",
    ]  # fmt: skip
    assert [(f.type.value, f.computed is not None) for f in form_of(made).fields] == [
        ("text", False), ("text", False), ("integer", True), ("long text", False),
    ]  # fmt: skip


def test_every_cell_that_cannot_be_kept_is_named() -> None:
    made = imported(
        [
            [*HEAD, "media::image", "trigger"],
            ["text", "a", "甲", "yes", "${nobody} = 'x'", "regex(., '[0-9]+')", "只写数字"],
            ["calculate", "b", None, None, None, None, None, "if(${a} = 'x', 1, 2)"],
            ["integer", "c", "丙", "yes", "${b} > 1"],
            ["select_one nothing", "d", "丁"],
            ["text", None, "戊"],
            [None, "e", "己"],
            ["end group"],
        ]
    )
    assert errors(made) == [
        "survey E2 unsupported-expression",
        "survey F2 unsupported-expression",
        "survey H3 unsupported-expression",
        "survey E4 unknown-name",
        "survey A5 unknown-list",
        "survey B6 missing-name",
        "survey A7 missing-type",
        "survey A8 group",
    ]
    assert others(made) == ["survey I1 column-ignored", "survey J1 column-ignored"]
    assert "# 未导入：survey F2：regex" in made.text.replace('"', "")
    assert [field.name for field in form_of(made).fields] == ["a", "c"]


def test_names_are_made_to_fit() -> None:
    made = imported(
        [
            ["type", "name", "label"],
            ["text", "a-b.c", "甲"],
            ["text", "rows", "乙"],
            ["text", "_1", "丙"],
            ["text", "no", "丁"],
            ["text", "a-b.c", "戊"],
        ]
    )
    assert [field.name for field in form_of(made).fields] == ["a_b_c", "q_rows", "q_1", "no", "a_b_c_2"]


def test_choices_are_checked_row_by_row() -> None:
    rows: list[list[Any]] = [
        ["list name", "name", "label"],
        ["l", "a", "甲"],
        ["l", "a", "乙"],
        ["l", None, "丙"],
        [None, "b", "丁"],
    ]
    made = imported([["type", "name", "label"], ["select_one l or_other", "x", "问题"]], rows)
    assert errors(made) == [
        "choices B3 duplicate-choice",
        "choices B4 missing-name",
        "choices A5 missing-name",
    ]
    assert form_of(made).fields[0].choices == {"a": "甲", "other": "其他"}


def test_hidden_rows_and_columns_are_read_and_named() -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(survey=[["type", "name", "label"], ["text", "x", "问题"]])))
    book["survey"].row_dimensions[2].hidden = True
    book["survey"].column_dimensions["C"].hidden = True
    out = io.BytesIO()
    book.save(out)
    made = import_form(out.getvalue(), "f")
    assert others(made) == ["survey C1 hidden", "survey 2 hidden"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "这不是工作簿"),
        (b"PK\x03\x04", "文件不是完好"),
        (workbook(other=[["a"]]), "没有名为 survey"),
        (workbook(survey=[["type", "name"], ["begin loop over x", "y"]]), "没有可以导入的问题"),
    ],
)
def test_what_is_no_form_at_all_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(XlsFormError) as refused:
        import_form(data, "f")
    assert said in str(refused.value.message)


CELLS = st.one_of(
    st.none(),
    st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(
        ["text", "integer", "select_one area", "begin group", "end group", "begin repeat", "end repeat", "x", "y", "yes",
         "calculate", "${x} = 'a'", ". > 0", "not(${y})", "sum(${x})", "count(${y}) > 1", "${x} + ${y} * 2", "a: [b", "'"]
    ),
)  # fmt: skip


@settings(max_examples=examples(15, 300))
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=6))
def test_whatever_the_cells_hold_the_form_passes_the_check(rows: list[list[str | None]]) -> None:
    try:
        made = imported([HEAD, *rows], CHOICES)
    except XlsFormError:
        return
    form_of(made)
