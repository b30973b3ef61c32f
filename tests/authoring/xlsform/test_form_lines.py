"""Lines of a form and the parts they belong to."""

from __future__ import annotations

import time

from xlsform_books import errors, form_of, imported

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
    assert constraint.that.expression.source == "empty(form.n) or length(form.r) == form.n"


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
