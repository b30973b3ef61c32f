"""Measures and rows of the supervision report as values."""

from __future__ import annotations

import pytest

from engine.lifecycle.expressions.expression import Expression, Literal
from engine.lifecycle.measure_rules import (
    EVERY,
    RECKONINGS,
    STATUSES,
    MeasureRule,
    ReportColumn,
    SupervisionRow,
    Tally,
)

VALUE = Expression("1", Literal(1))


@pytest.mark.parametrize(
    ("title_en", "english", "heading"),
    [("Late", True, "Late"), ("Late", False, "逾期"), (None, True, "逾期"), ("", True, "逾期")],
)
def test_a_heading_is_chinese_where_there_is_no_english_one(
    title_en: str | None, english: bool, heading: str
) -> None:
    column = ReportColumn(title="逾期", title_en=title_en, value=VALUE)
    row = SupervisionRow(id="late", title="逾期", title_en=title_en, counted="cases")
    assert column.heading(english) == row.heading(english) == heading


def test_a_row_names_everything_of_its_kind_unless_it_is_narrowed() -> None:
    row = SupervisionRow(id="late", title="逾期", title_en=None, counted="cases")
    assert (row.of, row.status, row.where, row.columns) == (EVERY, None, None, ())
    assert set(STATUSES.values()) == {"cases", "publications", "draws"}


def test_a_tally_counts_everything_unless_it_is_narrowed() -> None:
    tally = Tally(cases="visit")
    assert (tally.forms, tally.distinct, tally.on_time, tally.reckoning) == ((), False, False, None)
    assert MeasureRule(id="n", title="数", part=tally, whole=None).whole is None
    assert len(set(RECKONINGS)) == len(RECKONINGS)
