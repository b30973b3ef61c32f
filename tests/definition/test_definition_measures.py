"""Measures and supervision rows refer to workflows, forms and fields that exist, and are told where they do not."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FILES, workflow_text

from engine.definition.library import Loaded, load_files
from engine.lifecycle.measure_rules import RECKONINGS, STATUSES
from engine.yamltext.problem import Severity

WORKFLOW = workflow_text(
    """\
fields:
  - risky: {title: 按风险, type: boolean}
  - note: {title: 备注}
transitions:
  - {do: finish, title: 办结, from: open, to: done, by: clerk, form: onsite_check}
"""
)
MEASURES = """\
measures:
  staff:
    title: 检查到的职工人数
    part: {cases: demo, sum: forms.onsite_check.staff, where: forms.onsite_check.wages > 100}
  visited:
    title: 检查率
    part: {cases: demo, forms: [onsite_check], field: risky}
    whole: {cases: demo}
supervision:
  paid:
    title: 欠薪的件
    cases: demo
    where: forms.onsite_check.wages > 0
    columns:
      - {title: 欠薪, title_en: Unpaid, value: forms.onsite_check.wages}
      - {title: 检查率, value: kpi.visited}
  late: {title: 逾期, cases: any, only: overdue}
"""


def load(measures: str) -> Loaded:
    """Load a bureau with these measures beside a workflow."""
    files = {**FILES, "workflows/demo.yaml": WORKFLOW}
    del files["bureau.yaml"]
    return load_files({"bureau.yaml": BUREAU + measures}, context=files)


def errors(measures: str) -> list[tuple[str, str, str]]:
    """Return rule, text at the place and hint of every error."""
    text = (BUREAU + measures).split("\n")
    return [
        (one.rule, text[one.line - 1][one.column - 1 :], str(one.hint or ""))
        for one in load(measures).problems
        if one.severity is Severity.ERROR
    ]


def test_sound_measures_and_rows() -> None:
    loaded = load(MEASURES)
    assert loaded.bureau is not None
    assert errors(MEASURES) == []
    staff = loaded.bureau.measures["staff"]
    assert (staff.whole, staff.part.reckoning) == (None, "sum")
    paid = loaded.bureau.supervision["paid"]
    assert (paid.counted, paid.of, [one.heading(True) for one in paid.columns]) == (
        "cases",
        "demo",
        ["Unpaid", "检查率"],
    )
    assert loaded.bureau.supervision["late"].status == "overdue"


@pytest.mark.parametrize(
    ("old", "new", "rule", "at", "hint"),
    [
        ("onsite_check.staff", "onsite_check.stuff", "unknown-name", "stuff", "staff"),
        ("onsite_check.staff", "onsite_check.visited_on", "type-mismatch", "forms", ""),
        ("sum: forms", "summ: forms", "unknown-key", "summ", "sum"),
        ("forms: [onsite_check]", "forms: [onsite_chek]", "unknown-form", "onsite_chek", "onsite_check"),
        ("field: risky", "field: riskyy", "undeclared-field", "riskyy", "risky"),
        ("field: risky", "field: note", "type-mismatch", "note", "where"),
        ("only: overdue", "only: void", "unknown-word", "only", "overdue"),
        ("only: overdue", "only: overdeu", "unknown-word", "overdeu", "overdue"),
        ("value: kpi.visited", "value: kpi.visitd", "unknown-name", "visitd", "visited"),
        (
            "where: forms.onsite_check.wages > 0",
            "where: forms.onsite_check.wage > 0",
            "unknown-name",
            "wage",
            "wages",
        ),
        ("wages > 100}", "share > '5%'}", "type-mismatch", "forms", "0.5"),
        ("whole: {cases: demo}", "whole: {register: objekts}", "unknown-word", "objekts", "objects"),
        (
            "whole: {cases: demo}",
            "whole: {register: objects, distinct: true}",
            "unknown-argument",
            "distinct",
            "",
        ),
        ("whole: {cases: demo}", "whole: {cases: demo, register: objects}", "missing-key", "{cases", ""),
    ],
)
def test_what_is_wrong_and_where(old: str, new: str, rule: str, at: str, hint: str) -> None:
    assert old in MEASURES
    first = errors(MEASURES.replace(old, new, 1))[0]
    assert first[0] == rule
    assert first[1].startswith(at) or at in first[1]
    assert hint in first[2]


def test_a_workflow_that_is_not_there_is_warned_of() -> None:
    loaded = load(MEASURES.replace("{cases: demo, sum", "{cases: demmo, sum"))
    (problem,) = (one for one in loaded.problems if one.rule == "unknown-workflow")
    assert (problem.severity, "demo" in str(problem.hint)) == (Severity.WARNING, True)
    assert loaded.bureau is not None


def test_the_words_are_those_of_the_model() -> None:
    from engine.definition import keywords
    from engine.definition.grammar import SHAPES

    assert set(keywords.STATUSES) == set(STATUSES)
    assert set(RECKONINGS) <= set(SHAPES["tally"])
