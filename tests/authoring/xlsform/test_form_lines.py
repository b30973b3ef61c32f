"""Lines of a form and the parts they belong to."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest
from xlsform_books import errors, form_of, imported

from engine.lifecycle.forms.answers import read_answers

HEAD = ["type", "name", "label", "required", "required_message", "repeat_count"]


def test_a_question_needed_under_a_condition_is_a_constraint_on_the_form() -> None:
    made = imported(
        [HEAD, ["integer", "n", "人数", "yes"], ["text", "why", "说明", "${n} > 5", "人多须说明"]]
    )
    (constraint,) = form_of(made).constraints
    assert constraint.that.expression.source == "not (form.n > 5) or filled(form.why)"
    assert constraint.message == "人多须说明"


def test_the_number_of_rows_is_a_constraint_on_the_form() -> None:
    made = imported(
        [
            HEAD,
            ["integer", "n", "人数"],
            ["begin repeat", "r", "职工", None, None, "${n}"],
            ["text", "a", "姓名"],
            ["end repeat"],
        ]
    )
    assert errors(made) == []
    (constraint,) = form_of(made).constraints
    assert constraint.that.expression.source == "length(form.r) == greater(first_filled(form.n, 0), 0)"


_COUNTED = [*HEAD, "relevant"]
_BEGIN, _END = ["begin group", "g", "组", None, None, None], ["end group"]
_K, _N = ["integer", "k", "甲"], ["integer", "n", "人数"]


def _rows(count: str, relevant: str = "") -> list[list[str | None]]:
    return [["begin repeat", "r", "职工", None, None, count, relevant], ["text", "a", "姓名"], ["end repeat"]]


#: What stands in the workbook, and answers with whether they are taken: the meaning is that of XLSForm.
_HOW_MANY: dict[str, tuple[Sequence[Sequence[str | None]], list[tuple[dict[str, int], int, bool]]]] = {
    "a_number": (
        [_N, *_rows("${n}")],
        [({}, 0, True), ({}, 1, False), ({"n": 1}, 1, True), ({"n": 2}, 1, False), ({"n": -1}, 0, True)],
    ),
    "worked_out": (
        [_N, *_rows("${n} + 1")],
        [({}, 0, True), ({"n": 1}, 2, True), ({"n": 1}, 1, False), ({"n": -5}, 0, True)],
    ),
    "below_nothing": ([*_rows("-1")], [({}, 0, True), ({}, 1, False)]),
    "in_a_group_not_shown": (
        [_K, _N, [*_BEGIN, "${k} > 1"], *_rows("${n}"), _END],
        [({"k": 1, "n": 2}, 0, True), ({"n": 2}, 0, True), ({"k": 2, "n": 2}, 0, False), ({"k": 2, "n": 1}, 1, True)],
    ),
    "written_in_a_group_not_shown": (
        [_K, [*_BEGIN, "${k} > 1"], *_rows("2"), _END],
        [({"k": 1}, 0, True), ({}, 0, True), ({"k": 2}, 0, False), ({"k": 2}, 2, True), ({"k": 2}, 1, False)],
    ),
    "its_number_is_in_the_group": (
        [_K, [*_BEGIN, "${k} > 1"], _N, *_rows("${n}"), _END],
        [({"k": 1}, 0, True), ({"k": 2, "n": 1}, 0, False), ({"k": 2, "n": 1}, 1, True), ({"k": 2}, 1, False)],
    ),
    "its_number_is_in_another_group": (
        [_K, [*_BEGIN, "${k} > 1"], _N, _END, *_rows("${n}")],
        [({"k": 1}, 0, True), ({"k": 1}, 1, False), ({"k": 2, "n": 1}, 1, True), ({"k": 2, "n": 1}, 0, False)],
    ),
    "not_shown_itself": (
        [_K, _N, *_rows("${n}", "${k} > 1")],
        [({"k": 1, "n": 1}, 0, True), ({"k": 2, "n": 1}, 0, False), ({"k": 2, "n": 1}, 1, True)],
    ),
    "in_a_group_of_a_group": (
        [_K, _N, [*_BEGIN, "${k} > 1"], [*_BEGIN, "${n} > 1"], *_rows("${n}"), _END, _END],
        [({"k": 1, "n": 2}, 0, True), ({"k": 2, "n": 1}, 0, True), ({"k": 2, "n": 2}, 0, False), ({"k": 2, "n": 2}, 2, True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", _HOW_MANY)
def test_rows_are_counted_where_they_are_asked_for(name: str) -> None:
    written, tried = _HOW_MANY[name]
    made = imported([_COUNTED, *written])
    assert errors(made) == []
    form = form_of(made)
    for answers, rows, taken in tried:
        given = {**answers, **({"r": [{"a": "甲"}] * rows} if rows else {})}
        _, problems = read_answers(form, (), given, {})
        assert (not problems) == taken, (given, [str(one.message) for one in problems])


def test_rows_that_are_counted_for_each_row_are_named_and_not_kept() -> None:
    made = imported(
        [_COUNTED, ["begin repeat", "o", "单位"], _N, *_rows("${n}"), ["end repeat"], ["text", "b", "备注"]]
    )
    assert "survey F4 unsupported-expression" in errors(made)


def test_references_in_labels_become_titles() -> None:
    made = imported([HEAD, ["text", "n", "姓名"], ["text", "m", "${n}的电话"]])
    assert form_of(made).fields[1].title == "[姓名]的电话"
    made = imported([HEAD, ["text", "n", "姓名"], ["text", "m", "${  n }的电话"]])
    assert form_of(made).fields[1].title == "[姓名]的电话"


def test_a_reference_that_is_not_closed_is_read_once() -> None:
    began = time.process_time()
    imported([HEAD, ["text", "n", "姓名"], ["text", "m", "${" + " " * 30_000 + "x"]])
    assert time.process_time() - began < 2


def test_the_sentence_of_what_is_always_required_is_named_and_not_kept() -> None:
    made = imported(
        [
            HEAD,
            ["integer", "n", "人数", "yes", "请填人数"],
            ["text", "a", "姓名", "no", "请填姓名"],
            ["text", "b", "说明"],
            ["begin repeat", "r", "职工"],
            ["text", "c", "工种", "${n} > 5", "须写工种"],
            ["end repeat"],
        ]
    )
    found = [(one.cell.row, one.cell.title) for one in made.problems if one.rule == "unsupported-message"]
    assert found == [(2, "required_message"), (3, "required_message"), (6, "required_message")]


def test_a_range_keeps_its_bounds() -> None:
    head = ["type", "name", "label", "parameters", "constraint"]
    made = imported(
        [
            head,
            ["range", "score", "评分"],
            ["range", "share", "比率", "start=0.5 end=2.5 step=0.5"],
            ["range", "down", "倒数", "start=10;end=-10;step=5", ". != 0"],
            ["range", "odd", "怪", "from 1 to 5"],
            ["image", "shot", "照片", "max-pixels=1024"],
        ]
    )
    assert errors(made) == []
    fields = {one.name: one for one in form_of(made).fields}
    assert {name: str(one.type) for name, one in fields.items() if name != "shot"} == {
        "score": "integer",
        "share": "decimal",
        "down": "integer",
        "odd": "integer",
    }
    form = form_of(made)
    for name, taken, refused in (
        ("score", ("1", "10"), ("0", "11")),
        ("share", ("0.5", "2.5"), ("0.4", "2.6")),
        ("down", ("-10", "10", "1"), ("-11", "11", "0")),
        ("odd", ("1", "10"), ("0", "11")),
    ):
        for text in (*taken, *refused):
            given = {name: int(text) if text.lstrip("-").isdigit() else text}
            _, problems = read_answers(form, (), given, {})
            assert (problems == []) == (text in taken), (name, text, problems)
    noted = {(one.cell.row, one.rule) for one in made.problems}
    assert {
        (3, "step-ignored"),
        (4, "step-ignored"),
        (5, "range-unclear"),
        (6, "parameters-ignored"),
    } <= noted


def test_a_label_means_the_question_that_its_conditions_would() -> None:
    made = imported(
        [
            ["type", "name", "label"],
            ["text", "firm", "企业名称"],
            ["note", "n", "请核对 ${firm} 的名称"],
            ["text", "firm", "重复名"],
            ["begin repeat", "r", "各家"],
            ["text", "firm", "分公司"],
            ["text", "why", "${firm} 的理由"],
            ["end repeat"],
        ]
    )
    form = form_of(made)
    assert form.fields[1].title == "请核对 [企业名称] 的名称"
    assert form.fields[-1].columns[1].title == "[分公司] 的理由"
    said = [str(one.message) for one in made.problems if one.rule == "label-reference" and one.cell.row == 3]
    assert any("firm" in text and "先出现的一个" in text for text in said)
