from __future__ import annotations

from datetime import UTC, datetime

from engine.app.audit.finding import AuditFinding, day_of
from engine.language import say


def test_a_finding_in_a_sentence() -> None:
    finding = AuditFinding("visit-1", 3, "2024-09-02", say("该条被改"))
    assert str(finding) == "visit-1 第 3 条（2024-09-02 起不可信）：该条被改"


def test_days_are_those_of_shanghai() -> None:
    assert day_of(datetime(2024, 9, 1, 15, 59, tzinfo=UTC)) == "2024-09-01"
    assert day_of(datetime(2024, 9, 1, 16, 0, tzinfo=UTC)) == "2024-09-02"
