from __future__ import annotations

from dataclasses import replace

from visit_bureau import audited_bureau, rewrite, rows_of

from engine.app.audit.seals import seal
from engine.app.audit.verify_deployment import verify


def test_broken_histories_and_seals_are_each_told_once() -> None:
    bureau = audited_bureau()
    seal(bureau.application)
    with bureau.look() as transaction:
        assert list(verify(transaction)) == []
    rewrite(bureau, "visit-1", 2)
    with bureau.look() as transaction:
        assert [(one.stream, one.seq, one.day) for one in verify(transaction)] == [
            ("visit-1", 2, "2024-09-03")
        ]
    rows = rows_of(bureau, "visit-2")
    rows[0] = replace(rows[0], actor="zoe", hash="0" * 64)
    with bureau.look() as transaction:
        assert {one.stream for one in verify(transaction)} == {"visit-1", "visit-2"}
