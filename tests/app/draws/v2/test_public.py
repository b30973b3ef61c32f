"""What the public page of a draw shows, and what it leaves out."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from v2_factories import Made, committed, whole

from engine.app.draws.v2 import stored
from engine.app.draws.v2.public import (
    anchored,
    proof_of,
    public_draw,
    rule_of,
    strata_of,
    void_reason,
    yearly_rates,
)
from engine.draw.v2.log import PublicLog
from engine.draw.v2.visits import visits_of
from engine.store.memory import MemoryStore

MADE = whole()
DRAW, LOG = MADE.draw, MADE.log


def page(made: Made = MADE) -> dict[str, object]:
    store = MemoryStore()
    with store.write() as transaction:
        stored.write_log(transaction, PublicLog(made.log.bureau), made.log)
        stored.save(
            transaction, "batch-1", 1, "complete", made.draw, made.log, datetime(2026, 3, 20, tzinfo=UTC)
        )
    with store.read() as transaction:
        row = transaction.records.draw("batch-1")
        assert row is not None
        return public_draw(transaction, row, {})


def test_who_is_visited_is_named_in_the_order_of_ids_without_class_ticket_or_lot() -> None:
    shown = page()
    selected = shown["selected"]
    assert isinstance(selected, list)
    assert len(selected) == len(DRAW.visits)
    assert [one["id"] for one in selected] == sorted(one["id"] for one in selected)
    assert {frozenset(one) for one in selected} == {frozenset({"position", "id", "name"})}
    text = json.dumps(shown, ensure_ascii=False)
    for visit in visits_of(DRAW):
        assert visit.row.lot not in text or visit.row.lot in {one["lot"] for one in DRAW.removals}
        assert visit.ticket not in {one.get("ticket") for one in selected}
        assert all(person not in text for person in visit.people)


def test_how_many_of_a_stratum_take_part_is_not_public() -> None:
    strata = page()["strata"]
    assert isinstance(strata, list)
    # Five of forty take no part; every stratum is shown with ten.
    assert [(one["size"], one["source"], one["eligible"]) for one in strata] == [(10, "", "不公开")] * 4
    assert [one["drawn"] for one in strata] == [len(one["drawn"]) for one in DRAW.strata]
    before = page(whole(former="eligible"))["strata"]
    assert isinstance(before, list)
    assert {(one["size"], one["source"]) for one in before} == {(10, 10)}
    assert sum(one["eligible"] for one in before) == 35


def test_the_strata_have_their_ratio_and_their_highest_ticket_once_they_are_drawn() -> None:
    drawn = {one["stratum"]: one["cutoff"] for one in DRAW.strata}
    assert [(quota["stratum"], ratio) for quota, ratio, _ in strata_of(DRAW)] == [
        ("A", "5%"),
        ("B", ""),
        ("C", ""),
        ("D", "1/3"),
    ]
    assert {quota["stratum"]: cutoff for quota, _, cutoff in strata_of(DRAW)} == drawn
    before, _ = committed()
    assert {cutoff for _, _, cutoff in strata_of(before)} == {None}


def test_the_sentences_name_sources_days_and_who_vouches() -> None:
    assert all(source["kind"] in str(rule_of(DRAW)) for source in DRAW.commitment["sources"])
    assert DRAW.commitment["draw_by"] in str(rule_of(DRAW))
    found = anchored(DRAW, LOG)
    assert found is not None
    assert found.party in str(proof_of(DRAW, LOG))
    bare, log = committed()
    assert anchored(bare, log) is None
    assert str(proof_of(bare, log)).startswith("尚无外部凭据")
    none, log = committed(anchor={"mode": "none", "parties": [], "reason": "本年没有签名方"})
    assert str(proof_of(none, log)) == "无外部凭据：本年没有签名方"
    assert void_reason(DRAW, LOG, {}) is None


def test_the_rates_of_a_year_count_what_became_of_its_commitments() -> None:
    (year,) = yearly_rates(LOG)
    assert (year["year"], year["commitments"], year["drawn"], year["void"]) == ("2026", 1, 1, 0)
    assert (year["removals"], year["replacements"]) == (1, len(DRAW.replacements))
    assert year["without_proof"] == 0
    none = {"mode": "none", "parties": [], "reason": "本年没有签名方"}
    (bare,) = yearly_rates(committed(anchor=none)[1])
    assert (bare["commitments"], bare["without_proof"]) == (1, 1)
    assert yearly_rates(PublicLog("示例局")) == []
