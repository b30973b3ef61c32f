"""A year of a large district costs no more for each case than one of a small district.

Counted are calls of Python functions, all of them, from the empty folder to the public site; processor time is in decisions 76
and 81. What a year does once for some of its cases, to put another inspector in the place of one who cannot go, is counted by
itself: calls, and bytes that are written, on registers of two sizes.
"""

from __future__ import annotations

import cProfile
import pstats
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from v2_factories import EVIDENCE, object_rows, whole

from engine.app.draws.v2 import stored
from engine.app.draws.v2.steps import HeldDraw
from engine.demo import set_up
from engine.draw.v2 import acts, rosters
from engine.draw.v2.rosters import render_objects
from engine.draw.v2.visits import lot_of, visits_of
from engine.store.memory import MemoryStore
from engine.synthetic.scenario import shipped

#: Enterprises of a district, and of a larger one.
FEW, MANY = 1_203, 5_000
#: Calls for each case may be so many hundredths of those of the small district.
MAX_PERCENT = 120


def calls_for_each_case(objects: int, folder: Path, patched: pytest.MonkeyPatch) -> int:
    """Play a year among so many enterprises; return the calls for each case."""
    scenario = shipped()
    patched.setattr(
        set_up,
        "shipped",
        lambda: replace(scenario, registers={**scenario.registers, "objects": objects}),
    )
    profile = cProfile.Profile(builtins=False)
    found, _ = profile.runcall(set_up.run_demo, folder, None, "demo")
    assert found["open"] == 0
    counted = cast(Any, pstats.Stats(profile)).total_calls
    return int(counted) // int(found["cases"])


@pytest.mark.soak
def test_a_case_of_a_large_district_takes_no_more_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = calls_for_each_case(FEW, tmp_path / "few", monkeypatch)
    many = calls_for_each_case(MANY, tmp_path / "many", monkeypatch)
    print(f"{few} and {many} calls for each case, {100 * many // few} hundredths")
    assert 100 * many <= MAX_PERCENT * few


def calls_of_a_replacement(objects: int) -> tuple[int, int]:
    """Put one inspector in the place of another, in a draw from so many objects; return the calls and the bytes kept of it."""
    draw, log = (made := whole()).draw, made.log
    draw = replace(draw, objects=render_objects(object_rows(objects), b"k" * 32))
    store, at = MemoryStore(), datetime(2026, 3, 20, 1, tzinfo=UTC)
    with store.write() as transaction:
        stored.write_log(transaction, replace(log, texts=(), lines=()), log)
        stored.save(transaction, "batch-1", 1, "complete", draw, log, at)
        transaction.records.put_draw_key("batch-1", 1, b"k" * 32)
    gone = {(step["unit"], step["leaving"]) for step in draw.replacements}
    profile = cProfile.Profile(builtins=False)
    with store.write() as transaction, profile:
        row = transaction.records.draw("batch-1")
        assert row is not None
        held = HeldDraw.take(transaction, row, "people")
        unit, leaving = next(
            (one["unit"], one["members"][0]["lot"])
            for one in draw.units
            if one["members"] and (one["unit"], one["members"][0]["lot"]) not in gone
        )
        name = next(visit.row.object_id for visit in visits_of(held.draw, {unit}))
        assert lot_of(held.draw, name) == unit
        acted = acts.substitute(
            held.draw, held.log, unit, leaving, "illness", EVIDENCE, "0" * 32, now=at, by="a", second="b"
        )
        held.put_replacement(acted)
    with store.read() as transaction:
        found = transaction.records.draw("batch-1")
    assert found is not None
    assert len(stored.draw_of(found).replacements) == len(draw.replacements) + 1
    assert found.record == row.record
    return int(cast(Any, pstats.Stats(profile)).total_calls), sum(map(len, found.added))


def test_to_replace_somebody_does_not_read_the_rest_of_the_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rosters, "_MAX_REMEMBERED", 0)
    assert calls_of_a_replacement(4_000) == calls_of_a_replacement(40)
