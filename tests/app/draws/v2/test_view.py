"""What the people of the bureau see of a public draw, and what computing it again says."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from v2_factories import Made, committed, whole

from engine.app.draws.v2 import stored
from engine.app.draws.v2.view import PublicDrawView, PublicReport, public_report, public_view
from engine.draw.v2.log import PublicLog
from engine.draw.v2.shapes import canonical_bytes
from engine.kernel.digests import Digests
from engine.store.memory import MemoryStore

MADE = whole()
SSQ, DLT = MADE.draw.commitment["sources"]


def seen(made: Made, status: str = "complete") -> tuple[PublicDrawView, PublicReport]:
    store = MemoryStore()
    with store.write() as transaction:
        stored.write_log(transaction, PublicLog(made.log.bureau), made.log)
        stored.save(transaction, "batch-1", 1, status, made.draw, made.log, datetime(2026, 3, 20, tzinfo=UTC))
    with store.read() as transaction:
        row = transaction.records.draw("batch-1")
        assert row is not None
        return public_view(transaction, row), public_report(transaction, row)


def test_a_draw_is_shown_as_it_was_made() -> None:
    view, _ = seen(MADE)
    assert (view.case, view.number, view.status, view.draw, view.log) == (
        "batch-1",
        1,
        "complete",
        MADE.draw,
        MADE.log,
    )
    assert view.digests == Digests.of(canonical_bytes(MADE.draw.commitment))
    assert view.entropy == f"ssq:{SSQ['issue']}:{MADE.values[0]}/dlt:{DLT['issue']}:{MADE.values[1]}"
    assert "示例市公证处" in str(view.proof)
    assert SSQ["issue"] in str(view.rule)
    assert [visit.ticket for visit in view.visits] == sorted(visit.ticket for visit in view.visits)
    assert [line.kind for line in view.lines][:3] == ["commit", "typed", "entropy"]
    assert view.refused == 0


def test_as_plain_values_it_has_visits_removals_and_the_lines_of_the_log() -> None:
    view, _ = seen(MADE)
    plain = view.as_json()
    assert plain["commitment_sha256"] == view.digests.sha256
    assert plain["known_on"] == "2026-03-17"
    assert [one["object"] for one in plain["visits"]] == [visit.row.object_id for visit in view.visits]
    assert all(one["people"] for one in plain["visits"])
    assert plain["removals"] == [dict(one) for one in MADE.draw.removals] != []
    assert plain["replacements"] == [dict(one) for one in MADE.draw.replacements] != []
    assert [one["seq"] for one in plain["log"]] == [line.seq for line in view.lines]
    assert plain["sources"] == [f"ssq:{SSQ['issue']}", f"dlt:{DLT['issue']}"]


def test_before_it_is_drawn_there_is_no_result() -> None:
    draw, log = committed()
    view, report = seen(Made(draw, log, ()), "committed")
    assert (view.entropy, view.visits, view.as_json()["visits"]) == ("", [], [])
    assert report.ok
    assert "本局承诺 1 份：已抽 0，作废 0，失效 0，未抽 1；" in str(report)


def test_the_report_counts_the_commitments_and_says_what_differs() -> None:
    _, report = seen(MADE)
    assert (report.ok, report.problems) == (True, ())
    assert str(report).splitlines()[-1] == "核验通过：重算与记录一致"
    assert f"承诺 {MADE.draw.name}" in str(report).splitlines()
    first, *others = MADE.draw.strata
    bent = dataclasses.replace(MADE.draw, strata=({**first, "cutoff": "0" * 64}, *others))
    _, report = seen(dataclasses.replace(MADE, draw=bent))
    assert not report.ok
    assert [line for line in str(report).splitlines() if line.startswith("× ")] == [
        f"× {problem}" for problem in report.problems
    ]
    assert str(report).splitlines()[-1] == "核验不通过"
