"""What is made of a small workbook is small, and costs by its bytes: shared lists, chains, names alike, nested groups."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from contextlib import suppress

import pytest
from xlsform_books import Rows, errors, form_of, imported, workbook

from engine.authoring.xlsform.importing import ImportedForm, import_form
from engine.authoring.xlsform.limits import MAX_DEPTH, FormTooLargeError, Steps
from engine.authoring.xlsform.sheets import XlsFormError

HEAD = ["type", "name", "label", "relevant", "calculation", "choice_filter"]


def test_steps_are_counted_by_lines_and_characters() -> None:
    steps = Steps(10)
    steps.line("x" * 120)
    steps.expression("x" * 60)
    assert steps.taken == 8
    steps.expression("x")
    with pytest.raises(FormTooLargeError) as raised:
        steps.line("")
    assert raised.value.most == 10
    assert Steps.of(800_000).most - Steps.of(0).most == 100_000


def villages(number: int) -> Rows:
    """Return a list of choices, each in one of some towns."""
    return [
        ["list_name", "name", "label", "town"],
        *(["v", f"v{i}", f"村{i}", f"t{i % 7}"] for i in range(number)),
    ]


@pytest.mark.parametrize(
    "more", [["", "", ""], ["", "", "town = ${q0}"], ["${q0} != '' and ${q0} != 'a'", "", ""]]
)
def test_a_list_shared_by_very_many_questions_is_refused_before_it_is_copied(more: list[str]) -> None:
    survey = [HEAD, ["text", "q0", "镇"], *(["select_one v", f"s{i}", "村", *more] for i in range(900))]
    with pytest.raises(XlsFormError, match="表单太大") as raised:
        imported(survey, villages(700))
    assert "codes" in str(raised.value.hint)


def test_a_long_list_with_a_filter_is_kept() -> None:
    survey = [HEAD, ["text", "q0", "镇"], ["select_one v", "s", "村", "", "", "town = ${q0}"]]
    made = imported(survey, villages(3_000))
    assert made.complete
    field = form_of(made).fields[1]
    assert len(field.choices) == 3_000
    assert len(field.offered) == 7


@pytest.mark.parametrize("what", ["repeat", "group"])
def test_what_is_nested_too_deep_is_named_and_what_is_outside_is_kept(what: str) -> None:
    deep = MAX_DEPTH + 600
    survey = [
        HEAD,
        ["text", "before", "前"],
        *([f"begin {what}", f"g{i}", f"组{i}"] for i in range(deep)),
        ["text", "inside", "里"],
        *([f"end {what}"] for _ in range(deep)),
        ["text", "after", "后"],
    ]
    made = imported(survey)
    assert [one for one in errors(made) if one.startswith(f"survey A{3 + MAX_DEPTH} ")] == [
        f"survey A{3 + MAX_DEPTH} group"
    ]
    names = [field.name for field in form_of(made).fields if field.name]
    assert (names[0], names[-1]) == ("before", "after")


def test_groups_as_deep_as_they_may_be_are_kept() -> None:
    survey = [HEAD, *(["begin repeat", f"r{i}", f"表{i}"] for i in range(MAX_DEPTH))]
    survey += [["integer", "n", "数"], *(["end repeat"] for _ in range(MAX_DEPTH)), ["text", "t", "尾"]]
    made = imported(survey)
    assert form_of(made).fields[-1].name == "t"


@pytest.mark.parametrize("step", [1, -1])
def test_a_chain_of_calculations_is_followed_in_both_directions(step: int) -> None:
    order = range(400)[::step]
    rows = [["calculate", f"c{i}", "", "", f"${{c{i - 1}}} + 1" if i else "7"] for i in order]
    made = imported([HEAD, *rows])
    assert made.complete
    assert {field.type.value for field in form_of(made).fields} == {"integer"}


def test_calculations_in_a_circle_end() -> None:
    def circle(size: int) -> ImportedForm:
        rows = [["calculate", f"c{i}", "", "", f"${{c{(i + 1) % size}}} + 1"] for i in range(size)]
        return imported([HEAD, *rows, ["text", "t", "尾"]])

    made = circle(30)
    assert form_of(made).fields[-1].name == "t"
    assert made.problems
    # Each round leaves out what rests on what the round before left out; what that comes to is counted.
    with pytest.raises(XlsFormError, match="由这个文件做出的表单太大"):
        circle(300)


@pytest.mark.parametrize(
    "source",
    [
        "1" + " + 1" * 450,
        "-" * 1_900 + "1",
        "if(" * 36 + "${n} = 1" + ", ${n} = 2, ${n} = 3)" * 36,
        "${n} = 1" + " or ${n} = 1" * 155,
    ],
)
def test_an_expression_that_would_grow_is_named_and_left_out(source: str) -> None:
    made = imported([HEAD, ["integer", "n", "数"], ["text", "t", "尾", source]])
    assert errors(made) == ["survey D3 unsupported-expression"]
    assert form_of(made).fields[-1].name == "t"


def test_labels_that_quote_long_titles_stay_short() -> None:
    made = imported([HEAD, ["text", "q", "很长的标题" * 900], ["text", "t", "${q}和${q}"]])
    assert len(form_of(made).fields[-1].title) < 140


#: What there are many of -> one row of the survey, and one of the choices.
MANY: Mapping[str, tuple[list[str], list[str]]] = {
    "names alike": (["text", "employee_contract_%(i)d", "甲", "${employee_contract_x%(i)d} = 1"], []),
    "one name": (["text", "q", "题%(i)d"], []),
    "a chain of conditions": (["integer", "q%(i)d", "甲", "${q%(before)d} > 1"], []),
    "a chain of sums": (["calculate", "q%(i)d", "", "", "${q%(after)d} * 2"], []),
    "references to one name": (["calculate", "q", "", "", "${q} + ${p}"], []),
    "labels with references": (["text", "q%(i)d", "${q1}和${q0}"], []),
    "lists of their own": (["select_one l%(i)d", "c%(i)d", "选"], ["l%(i)d", "a", "甲"]),
}


def _book(many: str, number: int) -> bytes:
    def rows(one: list[str]) -> Rows:
        places = [{"i": i, "before": i - 1, "after": i + 1} for i in range(1, number + 1)]
        return [[text % place for text in one] for place in places]

    question, choice = MANY[many]
    survey: Rows = [HEAD, ["integer", "q0", "头"], *rows(question), ["integer", f"q{number + 1}", "尾"]]
    more = {"choices": [["list_name", "name", "label"], *rows(choice)]} if choice else {}
    return workbook(survey=survey, **more)


def _seconds(data: bytes) -> float:
    gc.collect()
    before = time.process_time()
    with suppress(XlsFormError):
        import_form(data, "f")
    return time.process_time() - before


@pytest.mark.parametrize("many", sorted(MANY))
def test_eight_times_as_many_rows_cost_no_more_than_twice_as_much_for_each(many: str) -> None:
    costs = []
    for number in (150, 1_200):
        data = _book(many, number)
        costs.append(min(_seconds(data) for _ in range(3 if number < 1_000 else 2)) / number)
    assert costs[1] <= 2 * costs[0], costs
