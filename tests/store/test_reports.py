from __future__ import annotations

from engine.app.ports.audit.statements import MAX_STATED
from engine.store.reports import BEFORE, EVENTS, MAX_REPORTS, PARTIAL, REMOVED, ROWS


def test_kinds_of_reports_differ_and_a_statement_is_bounded() -> None:
    assert len({ROWS, PARTIAL, REMOVED, EVENTS, BEFORE}) == 5
    assert 100 < MAX_REPORTS == MAX_STATED < 10_000
