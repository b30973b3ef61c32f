"""The functions that count on the calendar of the bureau."""

from __future__ import annotations

import pytest

from engine.calendars.load import load_calendar
from engine.definition.expressions import parse_expression
from engine.definition.types import DATE, EXACT, NUMBER, TEXT, record
from engine.lifecycle.expressions.dates import add, date_of, days_of, first_filled, working_days_between
from engine.lifecycle.expressions.expression import CALENDAR, EvaluationError

OFFICE = load_calendar()


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2025-09-15", "20 working days", "2025-10-17"),
        ("2025-10-17", "-20 working days", "2025-09-15"),
        ("2025-10-17", "-20个工作日", "2025-09-15"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2024-02-29", "3年", "2027-02-28"),
        ("2024-03-31", "- 1 months", "2024-02-29"),
        ("2024-03-31T10:00:00+08:00", "10 days", "2024-04-10"),
        (None, "1 month", None),
        ("2024-03-31", None, None),
    ],
)
def test_sums(start: str | None, period: str | None, end: str | None) -> None:
    assert add(OFFICE, start, period) == end


@pytest.mark.parametrize(
    ("start", "period"),
    [("2024-03-31", "3 hours"), ("2024-03-31", "soon"), ("soon", "1 day"), ("2024-01-01", "99999 years")],
)
def test_sums_that_have_no_answer(start: str, period: str) -> None:
    with pytest.raises(EvaluationError):
        add(OFFICE, start, period)


def test_the_rest() -> None:
    assert working_days_between(OFFICE, "2025-09-15", "2025-10-17") == 20
    assert working_days_between(OFFICE, "2025-10-17", "2025-09-15") == -20
    assert working_days_between(OFFICE, None, "2025-09-15") is None
    assert [first_filled(None, "", "甲"), first_filled(None, [])] == ["甲", None]
    assert days_of("3 hours") is None
    assert date_of("2024-01-02").day == 2


def test_an_expression_is_handed_the_calendar_of_its_scope() -> None:
    expression = parse_expression("add(today, '7 working days')", None).expression
    assert expression is not None
    assert expression.value({"today": "2024-09-02", CALENDAR: OFFICE}) == "2024-09-11"
    with pytest.raises(EvaluationError, match="没有日历"):
        expression.value({"today": "2024-09-02"})


@pytest.mark.parametrize(
    ("source", "rule"),
    [
        ("add(today, '7 workdays')", "type-mismatch"),
        ("add(today, 7)", "type-mismatch"),
        ("add('soon', '7 days')", "type-mismatch"),
        ("working_days_between(today, 7)", "type-mismatch"),
        ("add(add(today, '1 month'), '1 year')", "ambiguous-date-sum"),
        ("add(add(add(today, '1 month'), '3 days'), '-1 month')", "ambiguous-date-sum"),
        ("add(add(today, '1 month'), '3 working days')", None),
        ("first_filled(today, add(today, '1 month')) > today", None),
    ],
)
def test_what_cannot_be_meant_is_found_before_it_runs(source: str, rule: str | None) -> None:
    from engine.definition.names import workflow_names
    from engine.definition.symbols import SymbolTable, WorkflowOutline

    names = workflow_names(WorkflowOutline("demo"), SymbolTable())
    assert [fault.rule for fault in parse_expression(source, names).faults] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("count", "unit", "end"),
    [
        (3, "working days", "2024-09-05"),
        (1, "months", "2024-10-02"),
        (-2, "days", "2024-08-31"),
        (2, "个工作日", "2024-09-04"),
        (None, "days", None),
    ],
)
def test_how_many_may_be_an_answer(count: int | None, unit: str, end: str | None) -> None:
    source = f"add(form.got, form.term, '{unit}')"
    parsed = parse_expression(source, None)
    assert parsed.expression is not None
    scope = {CALENDAR: load_calendar(), "form": {"got": "2024-09-02", "term": count}}
    assert parsed.expression.value(scope) == end


@pytest.mark.parametrize("count", ["3", 1.5, True, 10**9])
def test_what_is_no_number_of_days_has_no_answer(count: object) -> None:
    with pytest.raises(EvaluationError):
        add(load_calendar(), "2024-09-02", count, "days")


def test_an_answer_that_is_no_whole_number_is_found_before_it_runs() -> None:
    names = {"form": record({"got": DATE, "term": NUMBER, "share": EXACT, "said": TEXT})}
    assert parse_expression("add(form.got, form.term, 'months')", names).faults == []
    for wrong in ("form.share, 'days'", "form.said, 'days'", "form.term, 'hours'", "form.term, form.said"):
        assert [one.rule for one in parse_expression(f"add(form.got, {wrong})", names).faults] == [
            "type-mismatch"
        ]
    twice = parse_expression("add(add(form.got, form.term, 'months'), 1, 'months')", names)
    assert [one.rule for one in twice.faults] == ["ambiguous-date-sum"]
