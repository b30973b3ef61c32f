"""A firm known to have left the pool is not told by the numbers of the kits, save where its own ticket is passed over."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from public_joins import kits_of_site
from public_leavers import PublicKit, kits_of, known_to_be_out, strata_left, told
from v2_factories import NONE, Made, band, committed, drawn, object_rows, object_rules, rule

from engine.draw.v2.kit import public_kit
from engine.draw.v2.rosters import RosterObject, render_objects

#: Eighty firms of four strata; two of the twenty of each are drawn.
STRATA, EACH, DRAWN = "ABCD", 20, 2
RULES = object_rules(*(rule(stratum, band(ratio="10%")) for stratum in STRATA))


def firms(*gone: str, reason: str = "frequency_cap") -> list[RosterObject]:
    return [
        replace(row, eligible=row.object_id not in gone, exclude_reason=reason * (row.object_id in gone))
        for row in object_rows(len(STRATA) * EACH)
    ]


def draw_of(rows: list[RosterObject], seed: int, *, former: str = "") -> Made:
    """A draw of one batch of the year, with a key and randomness of its own."""
    chance = random.Random(seed)  # noqa: S311 - made-up material, not a draw
    draw, log = committed(
        objects=render_objects(rows, chance.randbytes(32)),
        people=None,
        people_rules=None,
        object_rules=RULES,
        registered=len(rows),
        anchor=NONE,
        former=former,
    )
    return drawn(draw, log, chance)


def kit_of(made: Made, name: str) -> PublicKit:
    return PublicKit.of(name, public_kit(made.draw, made.log, visits_done=False))


@pytest.mark.parametrize("reason", ["frequency_cap", "cancelled"])
def test_kits_of_before_told_the_stratum_in_many_places(reason: str) -> None:
    first = kit_of(draw_of(firms(), 1, former="eligible"), "first")
    truth = {row.object_id: row.stratum for row in firms()}
    for firm, stratum in list(truth.items())[::11]:
        second = kit_of(draw_of(firms(firm, reason=reason), 2, former="eligible"), "second")
        found = told([first, second], 1)
        assert {name for one in found for name, count in one.lost.items() if count} == {stratum}
        assert strata_left([first, second], 1) == 1
        places = {one.place for one in found}
        # The rows, two numbers of one kit, and one number of two kits.
        assert {"second: rows", "first and second: .strata.eligible"} <= places
        assert any(place.startswith("second: ") and "register_counts" in place for place in places)


@pytest.mark.parametrize("reason", ["frequency_cap", "cancelled"])
def test_a_leaver_is_told_only_where_the_draw_passes_him_over(reason: str) -> None:
    """Each of eighty firms leaves once, alone: the least a stranger can have to do with."""
    first = kit_of(draw_of(firms(), 1), "first")
    narrowed = 0
    for number, row in enumerate(firms()):
        made = draw_of(firms(row.object_id, reason=reason), 1000 + number)
        second = kit_of(made, "second")
        passed = [one for one in second.opened if not one["takes_part"]]
        assert len(passed) <= 1
        if passed:
            narrowed += 1
            assert [one.place for one in told([first, second], 1)] == ["second: rows"]
        else:
            assert told([first, second], 1) == []
            assert strata_left([first, second], 1) == len(STRATA)
    # As often as one of its stratum is drawn: a tenth of eighty, and no more than chance adds to that (five deviations).
    assert narrowed <= 8 + 5 * 3


def test_two_leavers_of_different_strata_are_not_told_apart_by_one_that_is_passed_over() -> None:
    gone = ("E0000", "E0001")
    for seed in range(40):
        made = draw_of(firms(*gone), seed)
        kit = kit_of(made, "kit")
        passed = [one for one in kit.opened if not one["takes_part"]]
        if len(passed) == 1:
            assert strata_left([kit], len(gone)) == len(STRATA)
            return
    pytest.fail("nobody was passed over in forty draws")


def test_the_site_says_who_left_and_its_kits_do_not_say_of_which_stratum(tmp_path: Path) -> None:
    """The attack whole, on files: results that name a firm twice, and the kits of three batches."""
    site, cap = tmp_path / "site", 2
    (site / "draws").mkdir(parents=True)
    (site / "results").mkdir()
    leaver = "E0008"
    seed = next(
        number
        for number in range(100)
        if all(one["takes_part"] for one in kit_of(draw_of(firms(leaver), number), "").opened)
    )
    for number, (rows, chance) in enumerate(((firms(), 1), (firms(), 2), (firms(leaver), seed)), 1):
        made = draw_of(rows, chance)
        with zipfile.ZipFile(site / "draws" / f"batch-{number}-1.kit.zip", "w") as archive:
            for name, data in public_kit(made.draw, made.log, visits_done=False).items():
                archive.writestr(f"batch-{number}-1/{name}", data)
    bodies: list[dict[str, Any]] = [{"subject": {"id": leaver}}, {"subject": {"id": leaver}}]
    bodies += [{"subject": {"id": "E0001"}}]
    known = known_to_be_out([{"body": body} for body in bodies], cap)
    assert known == {leaver}
    fact = {"subject": {"id": "E0002"}, "facts": [{"text": "注销"}]}
    assert known_to_be_out([{"body": one} for one in (*bodies, fact)], cap) == {leaver, "E0002"}
    kits = kits_of(site)
    assert [kit.name for kit in kits] == ["batch-1", "batch-2", "batch-3"]
    assert told(kits, len(known)) == []
    assert strata_left(kits, len(known)) == len(STRATA)
    for _, files in kits_of_site(site):
        assert "frequency_cap" not in json.dumps([data.decode() for data in files.values()])
