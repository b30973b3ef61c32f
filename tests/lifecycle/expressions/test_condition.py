"""Conditions as a section writes them: what is true, what is false, what has no answer, which clause was to blame."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.library import load_files
from engine.lifecycle.expressions.condition import Condition, explained
from engine.lifecycle.expressions.expression import COMPARISONS, EvaluationError
from engine.lifecycle.expressions.functions import FUNCTIONS

SHEET = """
form: sheet
title: 记录
fields:
  - ok: {title: 合格, type: boolean, optional: true}
  - sure: {title: 确认, type: boolean, optional: true}
  - n: {title: 人数, type: integer, optional: true}
  - share: {title: 比例, type: ratio, optional: true}
  - sum: {title: 金额, type: decimal, optional: true}
  - on: {title: 日期, type: date, optional: true}
  - arrived: {title: 到达, type: datetime, optional: true}
  - left: {title: 离开, type: datetime, optional: true}
  - note: {title: 说明, optional: true}
  - kind: {title: 类别, choices: {a: 甲, b: 乙}, optional: true}
  - signed_by: {title: 签字人, type: persons, optional: true}
  - people:
      title: 人员
      optional: true
      columns:
        - name: {title: 姓名, optional: true}
        - age: {title: 年龄, type: integer, optional: true}
"""
FLOW = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待查, for: clerk}
  done: {title: 完成, final: true}
transitions:
  - do: finish
    title: 完成
    from: open
    to: done
    form: sheet
    require:
      - that: %s
        else: 不行
        basis: 某法
"""
BUREAU = """
bureau: example
title: 示例
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北}
roles: {clerk: {title: 经办人, scope: bureau}}
targets: {coverage: 5%}
"""


def condition(text: str) -> Condition:
    """Return the condition a section wrote."""
    text = f"'{text.replace(chr(39), chr(39) * 2)}'"
    loaded = load_files({"flow.yaml": FLOW % text, "sheet.yaml": SHEET, "bureau.yaml": BUREAU})
    errors = [str(problem.message) for problem in loaded.problems if problem.severity == "error"]
    assert not errors, errors
    return loaded.workflows["visit"].transitions[0].require[0].that


def blame(text: str, **names: Any) -> list[str]:
    """Return the clauses because of which a condition is false; none where it holds."""
    found = condition(text)
    clauses = list(found.failing(names))
    assert found.holds(names) == (not clauses)
    return clauses


def no_answer(text: str, **names: Any) -> str:
    with pytest.raises(EvaluationError) as problem:
        condition(text).holds(names)
    return str(explained(problem.value))


@pytest.mark.parametrize(
    ("text", "form", "holds"),
    [
        ("form.ok", {"ok": True}, True),
        ("form.ok", {"ok": False}, False),
        ("not form.ok", {"ok": False}, True),
        ("form.ok and form.sure", {"ok": True, "sure": False}, False),
        ("form.ok or form.sure", {"ok": False, "sure": True}, True),
        ("form.n > 2", {"n": 3}, True),
        ("form.n - 1 == 2", {"n": 3}, True),
        ("form.n in [1, 2]", {"n": 3}, False),
        ("form.n not in [1, 2]", {"n": 3}, True),
        ("form.kind == 'a'", {"kind": "a"}, True),
        ("form.signed_by | length >= 2", {"signed_by": ["x", "y"]}, True),
        ("length(unique(form.signed_by)) >= 2", {"signed_by": ["x", "x"]}, False),
        ("within(form.signed_by, collect(inspectors, it.id))", {"signed_by": ["x"]}, True),
        ("within(form.signed_by, inspectors)", {"signed_by": ["x", "z"]}, False),
        ("disjoint(form.signed_by, inspectors)", {"signed_by": ["z"]}, True),
        ("same_members(form.signed_by, inspectors)", {"signed_by": ["y", "x"]}, True),
        ("days_between(form.on, today) == 3", {"on": "2024-09-17"}, True),
        ("form.on >= days_after(today, -3)", {"on": "2024-09-17"}, True),
        ("form.on >= days_after(today, -2)", {"on": "2024-09-17"}, False),
        ("filled(form.note)", {"note": "x"}, True),
        ("filled(form.note)", {}, False),
        ("empty(form.signed_by)", {"signed_by": []}, True),
        ("empty(form.signed_by)", {}, True),
        ("empty(form.signed_by)", {"signed_by": ["x"]}, False),
        ("filled(form.signed_by)", {"signed_by": ["x"]}, True),
        ("filled(form.signed_by)", {"signed_by": []}, False),
        ("'x' in form.signed_by", {"signed_by": ["x"]}, True),
        ("'x' in form.signed_by", {"signed_by": []}, False),
        ("'x' in form.signed_by", {}, False),
    ],
)
def test_one_line_conditions(text: str, form: dict[str, Any], holds: bool) -> None:
    names = {"form": form, "today": "2024-09-20", "inspectors": [{"id": "x"}, {"id": "y"}]}
    clauses = blame(text, **names)
    assert (clauses == []) is holds
    assert holds or (len(clauses) == 1 and clauses[0] in text)


@pytest.mark.parametrize(
    ("share", "holds"),
    [("5%", True), ("0.05", True), ("1/20", True), ("4.9%", False), ("0.049999999", False), ("6/100", True)],
)
def test_ratios_are_compared_exactly_however_they_are_written(share: str, holds: bool) -> None:
    for right in ("'5%'", "0.05", "'1/20'", "targets.coverage"):
        names = {"form": {"share": share}, "targets": {"coverage": "5%"}}
        assert (blame(f"form.share >= {right}", **names) == []) is holds


def test_decimals_are_no_floats() -> None:
    assert blame("form.sum + 0.2 == 0.3", form={"sum": "0.1"}) == []


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_an_order_with_something_unanswered_is_false_both_ways(op: str) -> None:
    assert blame(f"form.n {op} 5", form={}) == [f"form.n {op} 5"]
    assert blame(f"5 {op} form.n", form={}) == [f"5 {op} form.n"]
    assert blame(f"form.on {op} today", form={}, today="2024-09-20") == [f"form.on {op} today"]


def test_nothing_but_true_and_false_is_a_truth() -> None:
    after = "尚无答案：它所看的内容还没有填写。请先填写；本可不填的，流程里要写明没有填写时怎样，如 filled(…) and …，或写成 … == true"
    for whole in (
        "form.ok",
        "not form.ok",
        "form.sure and form.ok",
        "not form.sure or form.ok",
        "every(form.people, form.ok)",
    ):
        assert no_answer(whole, form={"sure": True, "people": [{}]}) == f"条件“form.ok”{after}"
    assert (
        no_answer("some(form.people, it.age > 1 and form.ok)", form={"people": [{"age": 2}]})
        == f"条件“form.ok”{after}"
    )
    for value in (1, 0, "true", "", [True]):
        assert "应得“是”或“否”" in no_answer("form.ok", form={"ok": value})
        assert "实得" in no_answer("not form.ok", form={"ok": value})


def test_what_a_shorter_way_already_settles_needs_no_more_answers() -> None:
    assert blame("form.sure or form.ok", form={"sure": True}) == []
    assert blame("form.sure and form.ok", form={"sure": False}) == ["form.sure"]


def test_arithmetic_with_something_unanswered_is_unanswered_and_no_comparison_holds() -> None:
    assert blame("form.n + 1 > 2", form={}) == ["form.n + 1 > 2"]
    assert blame("form.n * 2 <= 2 or form.n / 2 > 2", form={}) != []
    assert "类型不同" in no_answer("form.n > 1", form={"n": "two"})


def test_moments_are_compared_as_moments_whatever_zone_they_were_written_in() -> None:
    later = "form.left > form.arrived"
    assert (
        blame(later, form={"arrived": "2024-09-20T09:30:00+08:00", "left": "2024-09-20T02:00:00+00:00"}) == []
    )
    assert blame(
        later, form={"arrived": "2024-09-20T10:30:00+08:00", "left": "2024-09-20T02:00:00+00:00"}
    ) == [later]


def test_and_blames_every_clause_that_is_false_and_no_other() -> None:
    text = "form.n >= 2 and form.on <= today and form.ok"
    assert blame(text, form={"n": 2, "on": "2024-09-20", "ok": True}, today="2024-09-20") == []
    found = blame(text, form={"n": 1, "on": "2024-09-21", "ok": True}, today="2024-09-20")
    assert found == ["form.n >= 2", "form.on <= today"]
    # What is only asked where the clauses before it hold is not to blame.
    assert blame(text, form={"n": 1}, today="2024-09-20") == ["form.n >= 2", "form.on <= today"]


def test_or_and_not_are_one_clause() -> None:
    text = "form.ok or filled(form.note)"
    assert blame(text, form={"ok": False, "note": "见附件"}) == []
    assert blame(text, form={"ok": False}) == [text]
    assert blame("not form.kind in ['a']", form={"kind": "a"}) == ["not form.kind in ['a']"]


def test_functions_over_rows_ask_something_of_each() -> None:
    names = {
        "form": {"on": "2024-09-20", "n": 1, "people": [{"name": "x", "age": 15}, {"name": "y", "age": 30}]},
        "inspectors": [
            {"id": "x", "cert_valid_to": "2024-12-31"},
            {"id": "y", "cert_valid_to": "2024-09-19"},
        ],
    }
    holding = (
        "count(inspectors, it.cert_valid_to >= form.on) >= 1",
        "some(inspectors, it.id == 'x')",
        "every(inspectors, filled(it.id))",
        "sum(form.people, it.age) == 45",
        "min(form.people, it.age) == 15 and max(form.people, it.age * 2) == 60",
        "'y' in collect(form.people, it.name)",
    )
    for text in holding:
        assert blame(text, **names) == [], text
    assert blame("count(inspectors, it.cert_valid_to >= form.on) >= 2", **names) != []
    every = "every(inspectors, it.cert_valid_to >= form.on)"
    assert blame(every, **names) == [every]
    assert blame(every, form={}, inspectors=[]) == []
    assert blame("count(inspectors, it.id == 'x') == 0 and sum(form.people, it.age) == 0", form={}) == []
    assert blame("min(form.people, it.age) > 0", form={"people": []}) != []
    # A sum with a missing part is missing.
    assert blame("sum(form.people, it.age) >= 0", form={"people": [{"age": 1}, {}]}) != []


def test_the_row_of_every_does_not_leak_out() -> None:
    found = condition("every(form.people, it.age >= 16) and form.n == 1")
    scope = {"form": {"people": [{"age": 20}, {"age": 15}], "n": 1}}
    assert list(found.failing(scope)) == ["every(form.people, it.age >= 16)"]
    assert "it" not in scope


def test_three_values_are_told_apart() -> None:
    """Not asked, asked and not answered, answered."""
    not_asked = {"not_asked": ["note"]}
    for text, holds in {
        "asked(form.note)": (False, True, True),
        "filled(form.note)": (False, False, True),
        "empty(form.note)": (True, True, False),
        "asked(form.note) and empty(form.note)": (False, True, False),
        "form.note == 'x'": (False, False, True),
        "form.note != 'y'": (False, False, True),
    }.items():
        forms = (not_asked, {"ok": True}, {"note": "x"})
        assert tuple(blame(text, form=form) == [] for form in forms) == holds, text


def test_dates_beyond_the_calendar_are_told_not_thrown() -> None:
    text = "form.on <= days_after(today, 10)"
    assert "超出日历的年份" in no_answer(text, form={"on": "2024-09-20"}, today="9999-12-30")
    with pytest.raises(EvaluationError):
        FUNCTIONS["days_after"][0]("2024-01-01", 10**9)
    with pytest.raises(EvaluationError):
        FUNCTIONS["days_between"][0]("2024-02-30", "2024-03-01")


def test_people_count_by_their_id_wherever_lists_are_compared() -> None:
    unique, same = FUNCTIONS["unique"][0], FUNCTIONS["same_members"][0]
    rows = [{"id": "x", "name": "a"}, {"id": "x", "name": "b"}, {"id": "y"}]
    assert [row["id"] for row in unique(rows)] == ["x", "y"]
    assert unique([{"a": 1}, {"a": 1}, {"a": 2}]) == [{"a": 1}, {"a": 2}]
    assert same(["x", "y"], rows[1:])
    assert not same(["x"], rows[1:])


values = st.one_of(st.none(), st.integers(-9, 9), st.booleans(), st.text("ab", max_size=2), st.fractions())


@given(values, values, st.sampled_from(sorted(COMPARISONS)))
def test_a_comparison_is_a_real_boolean_or_says_that_it_has_no_answer(left: Any, right: Any, op: str) -> None:
    if op in ("in", "not in"):
        right = [right]
    if (
        op in ("==", "!=", "in", "not in")
        or None in (left, right)
        or isinstance(left, str) == isinstance(right, str)
    ):
        assert COMPARISONS[op](left, right) in (True, False)
    else:
        with pytest.raises(EvaluationError, match="类型不同"):
            COMPARISONS[op](left, right)


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_functions_of_lists_agree_with_sets(first: list[str], second: list[str]) -> None:
    call = {name: function for name, (function, _, _) in FUNCTIONS.items()}
    assert call["within"](first, second) == (set(first) <= set(second))
    assert call["disjoint"](first, second) == (not set(first) & set(second))
    assert call["unique"](first) == sorted(set(first), key=first.index)
    assert call["same_members"](first, second) == (sorted(first) == sorted(second))


@given(st.dates(), st.integers(-36600, 36600))
def test_days_after_and_days_between_undo_each_other(day: Any, count: int) -> None:
    start = day.isoformat()
    try:
        end = FUNCTIONS["days_after"][0](start, count)
    except EvaluationError:
        return
    assert FUNCTIONS["days_between"][0](start, end) == count


def test_a_number_written_is_exact() -> None:
    assert condition("form.sum == 0.1").holds({"form": {"sum": Fraction(1, 10)}})


def test_a_condition_gives_every_name_inside() -> None:
    found = condition(
        "(form.ok or form.n >= 2) and not form.sure and every(form.people, it.age >= 16)"
        " and count(inspectors, it.id != 'x') >= 1"
    )
    named = sorted({".".join(path) for expression in found.expressions() for path in expression.names()})
    assert named == ["form.n", "form.ok", "form.people", "form.sure", "inspectors", "it.age", "it.id"]
