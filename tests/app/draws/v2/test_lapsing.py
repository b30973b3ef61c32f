"""Commitments that were not drawn by their last day."""

from __future__ import annotations

from datetime import UTC, datetime

from bureau_factories import Bureau
from v2_factories import anchored, committed, whole
from visit_bureau import visit_bureau

from engine.app.draws.v2 import stored
from engine.app.draws.v2.lapsing import lapse_commitments
from engine.draw.v2.log import PublicLog

COMMITTED = datetime(2026, 3, 2, tzinfo=UTC)


def kept(drawn: bool) -> Bureau:
    bureau = visit_bureau()
    if drawn:
        made = whole()
        draw, log = made.draw, made.log
    else:
        draw, log = committed()
        log = anchored(log)
    with bureau.application.store.write() as transaction:
        stored.write_log(transaction, PublicLog(log.bureau), log)
        stored.save(transaction, "batch-1", 1, "complete" if drawn else "committed", draw, log, COMMITTED)
    return bureau


def lines(bureau: Bureau) -> list[str]:
    with bureau.look() as transaction:
        return [line.kind for line in stored.read_log(transaction).lines]


def test_a_commitment_left_lying_lapses_once_on_the_day_after_its_last() -> None:
    bureau = kept(drawn=False)
    bureau.at("2026-03-31 12:00")
    assert lapse_commitments(bureau.application) == 0
    bureau.at("2026-04-01 12:00")
    assert lapse_commitments(bureau.application) == 1
    assert lapse_commitments(bureau.application) == 0
    assert lines(bureau)[-1] == "lapse"
    with bureau.look() as transaction:
        row = transaction.records.draw("batch-1")
    assert row is not None
    assert row.status == "lapsed"


def test_what_was_drawn_does_not_lapse_and_an_empty_log_is_left_empty() -> None:
    bureau = kept(drawn=True)
    before = lines(bureau)
    bureau.at("2026-06-01 12:00")
    assert lapse_commitments(bureau.application) == 0
    assert lines(bureau) == before
    assert lapse_commitments(visit_bureau().application) == 0
