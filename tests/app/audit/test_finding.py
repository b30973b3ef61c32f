from __future__ import annotations

from datetime import UTC, datetime

from engine.app.audit.finding import AuditFinding, RowFinding, day_of
from engine.language import say


def test_a_finding_in_a_sentence() -> None:
    finding = AuditFinding("visit-1", 3, "2024-09-02", say("该条被改"))
    assert str(finding) == "visit-1 第 3 条（2024-09-02 起不可信）：该条被改"


def test_days_are_those_of_shanghai() -> None:
    assert day_of(datetime(2024, 9, 1, 15, 59, tzinfo=UTC)) == "2024-09-01"
    assert day_of(datetime(2024, 9, 1, 16, 0, tzinfo=UTC)) == "2024-09-02"


def test_a_finding_about_a_row_names_its_table_and_key() -> None:
    found = RowFinding("head", 3, "2024-09-02", say("该条被改"), table="event", key=("head", 3))
    assert str(found) == "表 event 的行 head/3（2024-09-02 起不可信）：该条被改"
    of_case = RowFinding("visit-1", 3, "2024-09-02", say("该条被改"), "event", ("visit-1", 3), "visit-1")
    assert str(of_case) == "visit-1：表 event 的行 visit-1/3（2024-09-02 起不可信）：该条被改"


def test_findings_as_plain_values() -> None:
    plain = {"stream": "visit-1", "seq": 3, "day": "2024-09-02", "message": "该条被改"}
    assert AuditFinding("visit-1", 3, "2024-09-02", say("该条被改")).as_json() == plain
    of_row = RowFinding("visit-1", 3, "2024-09-02", say("该条被改"), table="event", key=("visit-1", 3))
    assert of_row.as_json() == {**plain, "table": "event", "key": ["visit-1", 3]}
