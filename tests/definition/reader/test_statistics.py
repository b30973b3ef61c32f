"""Tables of statistics: read with the bureau, checked once every workflow is known."""

from __future__ import annotations

import pytest
from parts import WORLD, book_of, said, value_of

from engine.definition.reader.reports.statistics import read_statistics
from engine.lifecycle.measure_rules import StatisticsTable

TABLE = """
  visits:
    title: 检查
    cases: visit
    groups:
      section: {title: 股室, value: case.section, names: sections}
      month: {title: 月份, value: case.opened_on, by_month: true}
    columns:
      all: {title: 件数}
      some: {title: 有的, title_en: Some, where: "case.section == 'a'"}
      rate: {title: 比率, part: some, whole: all}
"""


def tables(text: str) -> tuple[dict[str, StatisticsTable], list[str]]:
    diagnostics = book_of(text)
    return read_statistics(diagnostics, value_of(text), WORLD), said(diagnostics)


def test_a_table_is_read() -> None:
    found, problems = tables(TABLE)
    table = found["visits"]
    assert [one for one in problems if "unknown-workflow" not in one] == []
    assert (table.groups["month"].by_month, table.groups["section"].names) == (True, "sections")
    assert (table.columns["rate"].part, table.columns["some"].heading(english=True)) == ("some", "Some")
    assert table.columns["some"].where is not None


@pytest.mark.parametrize(
    ("sound", "broken", "rule"),
    [
        ("part: some, whole: all", "part: som, whole: all", "unknown-name"),
        ("part: some, whole: all", "part: some", "missing-key"),
        ("part: some, whole: all", "part: rate, whole: all", "unknown-name"),
        ("by_month: true", "by_months: true", "unknown-key"),
        ("    title: 检查\n", "", "missing-key"),
        ("names: sections", "names: section", "unknown-code-list"),
    ],
)
def test_what_is_wrong_is_named(sound: str, broken: str, rule: str) -> None:
    _, problems = tables(TABLE.replace(sound, broken, 1))
    assert any(rule in one for one in problems), problems
