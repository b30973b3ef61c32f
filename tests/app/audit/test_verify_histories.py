from __future__ import annotations

from visit_bureau import audited_bureau, rewrite

from engine.app.audit.seals import seal, seals
from engine.app.audit.verify_histories import AuditReport, verify_all_histories, verify_history
from engine.app.audit.verify_seals import Outside


def test_reports_of_all_and_of_one() -> None:
    bureau = audited_bureau()
    seal(bureau.application)
    with bureau.look() as transaction:
        outside = Outside(tuple(seals(transaction)))
        whole = verify_all_histories(transaction, outside)
        assert (whole.findings, whole.first_day) == ((), "-")
        assert whole.events == transaction.events.count()
        assert whole.streams == sum(1 for _ in transaction.events.streams())
        assert verify_history(transaction, "visit-1", outside) == AuditReport(1, 3, ())
        assert verify_history(transaction, "absent", None) is None
    rewrite(bureau, "visit-1", 2)
    with bureau.look() as transaction:
        report = verify_history(transaction, "visit-1", None)
        assert report is not None
        assert report.first_day == "2024-09-03"
        assert report.as_json() == {
            "streams": 1,
            "events": 0,
            "findings": [
                {
                    "stream": "visit-1",
                    "seq": 2,
                    "day": "2024-09-03",
                    "message": "与 2024-09-04 的封存不符：该条被改写、插入或删除，链条也被重做",
                }
            ],
        }
        assert verify_history(transaction, "visit-2", None) == AuditReport(1, 1, ())
        assert len(verify_all_histories(transaction, None).findings) == 1
