"""Days counted from one another are points on a line, as far as it can be said which of two is the earlier."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.definition.expressions import parse_condition
from engine.definition.meaning.answers.days_apart import DaysApart, Point, in_order
from engine.definition.meaning.conditions import verdict
from engine.lifecycle.expressions.expression import Compare
from engine.lifecycle.model.form import Field, FieldType
from engine.worktime.periods import PeriodUnit

MONTH, WORKING = PeriodUnit.MONTHS, PeriodUnit.WORKING_DAYS

#: A condition over days -> whether it always holds, never, or depends.
CONDITIONS: dict[str, bool | None] = {
    "form.a > add(form.b, '3 months') and form.a <= add(form.b, '2 months')": False,
    "form.a > add(form.b, '2 months') and form.a <= add(form.b, '3 months')": None,
    "form.a < form.b and form.a > add(form.b, '5 days')": False,
    "form.b > form.a and form.a > add(form.b, '5 days')": False,
    "form.a < add(form.a, '1 working day')": True,
    "form.a > add(form.a, '2 years')": False,
    "form.a > '2026-01-01' and form.a < '2025-01-01'": False,
    "form.a > '2025-01-01' and form.a < '2026-01-01'": None,
    "form.a > '2026-13-01' and form.a < '2025-01-01'": None,
    "'2026-01-01' < form.a and form.a < '2025-01-01'": False,
    "form.a > add(form.b, '3 months') and form.a <= add(form.b, '60 days')": False,
    # Three months are 89 to 92 days: it may be so.
    "form.a > add(form.b, '3 months') and form.a <= add(form.b, '90 days')": None,
    "form.a > add(form.b, '-3 days') or form.a < form.b": True,
    "form.a > today and form.a <= today": False,
    "form.a > add(form.b, '10 days') and form.b > add(form.a, '-3 days')": False,
    "form.a > add(form.b, '10 days') and form.b > add(form.a, '-30 days')": None,
    "add(form.b, '7 days') < form.a and form.a < add(form.b, '7 working days')": None,
    "form.a > add(form.b, '1 years') and form.a < add(form.b, '11 months')": False,
    "form.a > form.b and form.b > form.c": None,
    "add(form.a, '3 days') < add(form.b, '3 days') or form.a > form.b": None,
}  # fmt: skip


@pytest.mark.parametrize("text", CONDITIONS)
def test_what_is_said_of_a_condition(text: str) -> None:
    parsed = parse_condition(text, None).expression
    assert parsed is not None
    assert verdict(parsed.node, _date) is CONDITIONS[text]


def _date(path: tuple[str, ...]) -> Field | None:
    return Field(name=path[-1], title="", type=FieldType.DATE) if path[0] == "form" else None


def test_the_earliest_comes_first() -> None:
    points = [Point("a", -2, MONTH), Point("a", -3), Point("a"), Point("a", 5, WORKING), Point("a", 2, MONTH)]
    for some in permutations(points):
        assert in_order(some) == points


def test_some_cannot_be_told_apart() -> None:
    assert in_order([Point("a", 1, MONTH), Point("a", 30)]) is None
    assert in_order([Point("a", 7, WORKING), Point("a", 10)]) is None


def test_a_comparison_is_answered_by_the_order_of_its_two_days() -> None:
    apart = DaysApart()
    found = []
    for text in ("form.a <= add(form.b, '2 days')", "form.b >= form.a"):
        parsed = parse_condition(text, None).expression
        assert parsed is not None
        assert isinstance(parsed.node, Compare)
        left, _, right = text.partition(" <= " if "<=" in text else " >= ")
        found.append(apart.of(left, right, parsed.node))
        apart.note(found[-1])
    ((key, answers),) = apart.settle()
    assert answers == {key: [-1, 0, 1, 2, 3]}
    orders = [[apart.order(one, {key: answer}) for one in found] for answer in answers[key]]
    assert orders == [[-1, 1], [-1, 0], [-1, -1], [0, -1], [1, -1]]
    assert list(apart.settle()) == []
