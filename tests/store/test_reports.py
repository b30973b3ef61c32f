from __future__ import annotations

from engine.store.reports import EVENTS, MOST, PARTIAL, REMOVED, ROWS


def test_kinds_of_reports_differ_and_a_statement_is_bounded() -> None:
    assert len({ROWS, PARTIAL, REMOVED, EVENTS}) == 4
    assert 100 < MOST < 10_000
