"""The joins a stranger tries find the strata where a site numbers its cases by tickets, and nothing where by ids."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from public_joins import guessed, joins, named_beside_lots, read_public, told_by_teams
from v2_factories import (
    band,
    object_rows,
    object_rules,
    people_rows,
    people_rules,
    place,
    rule,
    whole,
)

from engine.draw.v2.kit import public_kit
from engine.draw.v2.rosters import render_objects, render_people
from engine.draw.v2.visits import visits_of

#: Eighty firms of four strata, eight of each visited.
MADE = whole(
    objects=render_objects(object_rows(80), b"k" * 32),
    people=render_people(people_rows(), b"k" * 32),
    object_rules=object_rules(*(rule(stratum, band(count=8)) for stratum in "ABCD")),
    people_rules=people_rules(place(), place()),
)
TRUTH = {visit.row.object_id: visit.row.stratum for visit in visits_of(MADE.draw)}


def site(folder: Path, firms: Sequence[str]) -> Path:
    """A site with the kit of one batch, and a result of each firm, numbered in the order of `firms`."""
    (folder / "draws").mkdir(parents=True)
    (folder / "results").mkdir()
    with zipfile.ZipFile(folder / "draws" / "batch-1-1.kit.zip", "w") as archive:
        for name, data in public_kit(MADE.draw, MADE.log, visits_done=True).items():
            archive.writestr(f"batch-1-1/{name}", data)
    for number, firm in enumerate(firms, 1):
        body = {"case": f"inspection-{number}", "batch": {"id": "batch-1"}, "subject": {"id": firm}}
        (folder / "results" / f"inspection-{number}-1.json").write_text(json.dumps({"body": body}), "utf-8")
    return folder


def test_numbers_in_the_order_of_tickets_tell_everybodys_stratum(tmp_path: Path) -> None:
    (seen,) = read_public(site(tmp_path / "site", list(TRUTH)))
    best = max(joins(seen, TRUTH), key=lambda one: one.right)
    assert best.right == len(TRUTH)
    assert (best.kit_order, best.site_order) == ("result.json last", "results by /body/case")
    assert best.right > guessed(seen, TRUTH)


def test_numbers_in_the_order_of_ids_tell_no_more_than_a_guess(tmp_path: Path) -> None:
    (seen,) = read_public(site(tmp_path / "site", sorted(TRUTH)))
    assert {"result.json first", "teams.json first", "objects.tsv first"} <= set(seen.lots)
    assert max(one.right for one in joins(seen, TRUTH)) <= guessed(seen, TRUTH) < len(TRUTH)


def test_what_teams_tell_is_named() -> None:
    kit = dict(public_kit(MADE.draw, MADE.log, visits_done=True))
    assert told_by_teams(kit) == []
    teams = json.loads(kit["teams.json"])
    step = dict(MADE.draw.replacements[0])
    unit = {**teams["units"][0], "objects": [one["unit"] for one in teams["units"][:2]]}
    kit["teams.json"] = json.dumps({**teams, "units": [unit], "replacements": [step]}).encode()
    assert told_by_teams(kit) == [f"unit {unit['unit']} of several", f"replacement in {step['unit']}"]


def test_a_paper_with_a_firm_beside_its_ticket_or_lot_is_named() -> None:
    kit = public_kit(MADE.draw, MADE.log, visits_done=True)
    visit = next(visits_of(MADE.draw))
    drawn = next(
        one for stratum in MADE.draw.strata for one in stratum["drawn"] if one["lot"] == visit.row.lot
    )
    firm, ticket = visit.row.object_id, drawn["ticket"]
    texts = {
        "minutes as they were": f"首个随机号：{ticket}（{firm}）",
        "page": f"<td>{firm}</td><td>{drawn['lot']}</td>",
        "minutes": f"首个随机号：{ticket}（{drawn['lot']}）",
        "result": f"{firm} {'0' * 64}",
    }
    assert named_beside_lots(texts, kit, TRUTH) == ["minutes as they were", "page"]


def test_only_batches_with_results_are_read(tmp_path: Path) -> None:
    folder = site(tmp_path / "site", sorted(TRUTH))
    for file in (folder / "results").iterdir():
        file.unlink()
    assert list(read_public(folder)) == []
    with pytest.raises(KeyError):
        told_by_teams({})
