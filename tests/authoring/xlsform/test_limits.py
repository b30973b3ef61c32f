"""What is made of a small workbook is small, and costs by its bytes: shared lists, chains, names alike, nested groups."""

from __future__ import annotations

import gc
import time
from contextlib import suppress

import pytest
from xlsform_books import Rows, errors, form_of, imported, workbook

from engine.authoring.xlsform.importing import import_form
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
    rows = [["calculate", f"c{i}", "", "", f"${{c{(i + 1) % 300}}} + 1"] for i in range(300)]
    made = imported([HEAD, *rows, ["text", "t", "尾"]])
    assert form_of(made).fields[-1].name == "t"
    assert made.problems


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


#: What there are many of -> the rows of a survey, and those of its choices.
MANY = {
    "names alike": lambda n: ([["text", f"employee_contract_{i}", "甲", f"${{employee_contract_x{i}}} = 1"] for i in range(n)], []),
    "one name": lambda n: ([["text", "q", f"题{i}"] for i in range(n)], []),
    "a chain of conditions": lambda n: ([["integer", f"q{i}", "甲", f"${{q{i - 1}}} > 1" if i else ""] for i in range(n)], []),
    "a chain of sums": lambda n: ([["calculate", f"q{i}", "", "", f"${{q{i + 1}}} * 2" if i < n - 1 else "3"] for i in range(n)], []),
    "references to one name": lambda n: ([["calculate", "q", "", "", "${q} + ${p}"] for i in range(n)] + [["text", "t", "尾"]], []),
    "labels with references": lambda n: ([["text", f"q{i}", "${q1}和${q0}"] for i in range(n)], []),
    "lists of their own": lambda n: ([[f"select_one l{i}", f"c{i}", "选"] for i in range(n)], [[f"l{i}", "a", "甲"] for i in range(n)]),
}  # fmt: skip


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
        survey, choices = MANY[many](number)
        sheets = {"survey": [HEAD, *survey]}
        if choices:
            sheets["choices"] = [["list_name", "name", "label"], *choices]
        data = workbook(**sheets)
        costs.append(min(_seconds(data) for _ in range(3 if number < 1_000 else 2)) / number)
    assert costs[1] <= 2 * costs[0], costs
