"""Draws made at random: the engine's result, and three verifiers from different hands, must all agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from v2_factories import BUREAU, Made, as_before, random_draw
from verifiers import NODE, PERL, bare, node_says, perl_says, python_says, with_teams

from engine.draw.v2.kit import auditor_kit, public_kit
from engine.draw.v2.log import PublicLog
from engine.draw.v2.rosters import parse_objects

#: How many draws `make test` makes, and how many `--soak`.
FEW, MANY = range(40), range(1000, 3000)


def kits_of(made: Made, seed: int) -> list[dict[str, bytes]]:
    """The public kit, before or after the visits or as earlier programs wrote it, and the auditor's; some with an earlier log."""
    if seed % 4 == 3:
        made = as_before(made)
    public = bare(public_kit(made.draw, made.log, visits_done=seed % 3 == 1))
    if seed % 3 == 2:
        public = with_teams(public, made.draw)
    return [public, bare(auditor_kit(made.draw, made.log))]


def agree(seeds: range, folder: Path) -> None:
    """Every verifier must accept both kits of every draw: all three get the same kits."""
    kits = [(seed, kit) for seed in seeds for kit in kits_of(random_draw(seed), seed)]
    for seed, kit in kits:
        code, said = python_says(folder / "kit", kit)
        assert code == 0, (seed, said)
    if NODE:
        for (seed, _), report in zip(kits, node_says(folder, [kit for _, kit in kits]), strict=True):
            assert report["bad"] == [], (seed, report["bad"])
    if PERL:
        for (seed, _), line in zip(kits, perl_says(folder / "perl", [kit for _, kit in kits]), strict=True):
            assert line.startswith("ok "), (seed, line)


def test_three_verifiers_agree_with_the_engine(tmp_path: Path) -> None:
    agree(FEW, tmp_path)


@pytest.mark.soak
def test_three_verifiers_agree_on_two_thousand_draws(tmp_path: Path) -> None:
    for start in range(MANY.start, MANY.stop, 100):
        agree(range(start, start + 100), tmp_path / str(start))


def test_the_random_draws_are_of_every_kind() -> None:
    """What the agreement is worth: the seeds cover what the protocol can say."""
    seen: set[str] = set()
    for seed in FEW:
        draw = random_draw(seed).draw
        made, people = draw.commitment, draw.commitment["people_rules"]
        seen |= {f"group {group['kind']}" for group in made["object_rules"]["groups"]}
        seen |= {f"source {source['kind']}" for source in made["sources"]}
        seen |= {f"anchor {made['anchor']['mode']}", f"removal {made['object_rules']['on_removal']}"}
        seen |= {
            f"base {made['object_rules'].get('base', 'closed')}",
            f"strata by {len(made['object_rules']['stratum_from'])}",
        }
        seen |= {"custodians"} if made["custodians"] else set()
        seen |= {"removed"} if draw.removals else set()
        opened = draw.result().get("opened", [])
        seen |= {"passed over"} if not all(one["takes_part"] for one in opened) else set()
        seen |= {"out of scope"} if not all(row.stratum for row in parse_objects(draw.objects)) else set()
        short = [one for one in draw.strata if len(one["drawn"]) < one["quota"]]
        seen |= {"order ran out"} if short else set()
        seen |= {"replaced"} if draw.replacements else set()
        seen |= {"unstaffed"} if any(not unit["members"] for unit in draw.units) else set()
        if people:
            seen |= {f"team per {people['team_per']}"}
            seen |= {f"pool {place['pool']}" for place in people["places"]}
            seen |= {f"items {place['items']}" for place in people["places"]}
    assert seen >= {
        "group total", "group floor", "group cap", "source ssq", "source dlt", "source drand", "source dice",
        "source pl5", "source fc3d", "anchor signed", "anchor none", "removal fill", "removal shrink",
        "base eligible", "base listed", "base closed", "passed over", "out of scope", "order ran out", "strata by 0", "strata by 1", "strata by 2", "custodians", "removed",
        "replaced", "unstaffed", "team per object", "team per section", "team per district", "pool people",
        "pool experts", "items none", "items any", "items all",
    }  # fmt: skip


def test_the_log_of_a_kit_is_read_as_it_was_written() -> None:
    made = random_draw(3)
    assert PublicLog.read(BUREAU, made.log.as_bytes()) == made.log
    assert json.loads(made.log.texts[0])["kind"] == "commit"
