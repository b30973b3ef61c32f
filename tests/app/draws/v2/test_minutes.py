"""What the minutes of a public draw state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from v2_factories import Made, committed, whole

from engine.app.draws.minutes import text_of
from engine.app.draws.v2 import stored
from engine.app.draws.v2.minutes import facts
from engine.draw.v2.log import PublicLog
from engine.draw.v2.visits import lots_of
from engine.store.memory import MemoryStore

MADE = whole()


def stated(made: Made) -> dict[str, Any]:
    store = MemoryStore()
    with store.write() as transaction:
        stored.write_log(transaction, PublicLog(made.log.bureau), made.log)
        stored.save(
            transaction, "batch-1", 1, "complete", made.draw, made.log, datetime(2026, 3, 20, tzinfo=UTC)
        )
    with store.read() as transaction:
        row = transaction.records.draw("batch-1")
        assert row is not None
        return facts(transaction, row, ZoneInfo("Asia/Shanghai"))


def test_the_minutes_say_who_did_what_when_and_between_which_tickets() -> None:
    found = stated(MADE)
    assert (found["committed_at"], found["committed_by"]) == ("2026-03-09 09:00", "office")
    assert (found["drawn_at"], found["typed_by"], found["witness"]) == (
        "2026-03-18 09:00",
        "drawer",
        "witness",
    )
    drawn = sorted((one["ticket"], one["lot"]) for stratum in MADE.draw.strata for one in stratum["drawn"])
    assert found["first"] == {"id": drawn[0][1], "ticket": drawn[0][0]}
    assert found["last"] == {"id": drawn[-1][1], "ticket": drawn[-1][0]}
    # The kit says the stratum of each ticket: whose it is, nobody is to read beside it.
    assert not [name for name in lots_of(MADE.draw) if name in text_of(found)]
    assert [one["name"] for one in found["strata"]] == ["A", "B", "C", "D"]
    assert found["total"] == sum(one["quota"] for one in found["strata"])
    assert (found["batch"], found["purpose"], found["refused"]) == ("B2026-01", "用人单位守法情况抽查", 0)
    (line,) = MADE.log.of(MADE.draw.name, "objects")
    assert found["result_sha256"] == line.body["sha256"]
    assert (found["log_head"], found["log_lines"]) == (MADE.log.root(), len(MADE.log.lines))


def test_of_a_draw_that_was_not_held_the_minutes_have_no_results() -> None:
    draw, log = committed(people=None)
    found = stated(Made(draw, log, ()))
    assert (found["drawn_at"], found["witness"], found["typed_by"], found["entropy"]) == ("", "", "", "")
    assert (found["first"], found["last"], found["result_sha256"], found["people_sha256"]) == (
        None,
        None,
        "",
        "",
    )
