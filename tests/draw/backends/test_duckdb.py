"""The draw computed by DuckDB is the draw."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import cli
from engine.draw.backends import duckdb as selecting
from engine.draw.backends.duckdb import DuckDBMissingError, select_from_file, select_in_memory
from engine.draw.commitment import Commitment, Custodian, DrawProfile, DrawRules, make_commitment
from engine.draw.entropy import hash_times
from engine.draw.refused import DrawRefused
from engine.draw.roster import ObjectRow, PersonRow, render_objects, render_people

PEOPLE = render_people([PersonRow("P1"), PersonRow("P2")])


def rows(chance: random.Random, count: int) -> list[ObjectRow]:
    return [
        ObjectRow(
            f"{chance.randrange(10**9):09}-{number}",
            f"示例“{number}”, 'N/A' \\N 企业",
            chance.choice("ABCD"),
            "2026-01-01",
            chance.choice(["东", "西", "南"]),
            ("a", "b"),
            (eligible := chance.random() < 0.9),
            "" if eligible else "已注销",
        )
        for number in range(count)
    ]


def promised(
    found: list[ObjectRow], strata: str = "credit_class", **more: object
) -> tuple[Commitment, bytes]:
    names = {"credit_class": "ABCD", "district": ["东", "西", "南"], "whole": ["全部"]}[strata]
    rules = DrawRules(
        ratios={name: ["5%", "10%", "1/3", "100%"][at % 4] for at, name in enumerate(names)},
        slots=("", ""),
        strata=strata,
    )
    roster = render_objects(found)
    made, _ = make_commitment(
        batch_id="B1",
        draw_no=1,
        purpose="测试",
        items=("a",),
        objects=roster,
        people=PEOPLE,
        register_counts={},
        rules=rules,
        entropy_rule="掷骰",
        entropy_sources=("dice:6",),
        **more,  # type: ignore[arg-type]
    )
    return made, roster


@pytest.mark.parametrize("strata", ["credit_class", "district", "whole"])
@pytest.mark.parametrize("seed", range(4))
def test_both_ways_give_the_same_list(strata: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a made-up register, not a draw
    commitment, roster = promised(rows(chance, chance.choice([4, 40, 3000])), strata)
    file = tmp_path / "roster.tsv"
    file.write_bytes(roster)
    entropy = f"dice:{chance.randrange(10**6):06}/batch:B1"
    expected = select_in_memory(commitment, file, entropy)
    assert select_from_file(commitment, file, entropy) == expected
    assert sum(len(found.drawn) for found in expected.strata) > 0


def test_custodians_codes_are_part_of_the_key(tmp_path: Path) -> None:
    chance = random.Random(9)  # noqa: S311 - a made-up register, not a draw
    codes = [bytes([number]) * 32 for number in (1, 2)]
    custodians = [Custodian(f"保管人{n}", hash_times(code, 1).hex(), 2) for n, code in enumerate(codes)]
    commitment, roster = promised(rows(chance, 400), profile=DrawProfile.EMBARGO, custodians=custodians)
    file = tmp_path / "roster.tsv"
    file.write_bytes(roster)
    given = [code.hex() for code in codes]
    entropy = "dice:000001/batch:B1"
    expected = select_in_memory(commitment, file, entropy, given)
    assert select_from_file(commitment, file, entropy, given) == expected
    with pytest.raises(DrawRefused):
        select_from_file(commitment, file, entropy, given[::-1])


def test_a_bound_that_is_too_low_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)  # noqa: S311 - a made-up register, not a draw
    commitment, roster = promised(rows(chance, 900))
    file = tmp_path / "roster.tsv"
    file.write_bytes(roster)
    expected = select_in_memory(commitment, file, "dice:000001/batch:B1")
    monkeypatch.setattr(selecting, "bound_of", lambda count, among: bytes(32))
    assert select_from_file(commitment, file, "dice:000001/batch:B1") == expected


def test_another_roster_and_wrong_entropy_are_refused(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - a made-up register, not a draw
    found = rows(chance, 200)
    commitment, roster = promised(found)
    file = tmp_path / "roster.tsv"
    file.write_bytes(roster.replace(b"B\t2026", b"A\t2026", 1))
    for select in (select_from_file, select_in_memory):
        with pytest.raises(DrawRefused, match="不是承诺的检查对象名册"):
            select(commitment, file, "dice:000001/batch:B1")
        with pytest.raises(DrawRefused):
            select(commitment, file, "dice:000001/batch:B2")


def test_without_the_package_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    commitment, roster = promised(rows(random.Random(5), 20))  # noqa: S311 - a made-up register, not a draw
    (tmp_path / "roster.tsv").write_bytes(roster)
    with pytest.raises(DuckDBMissingError, match=r"shuangsuiji\[duckdb\]"):
        select_from_file(commitment, tmp_path / "roster.tsv", "dice:000001/batch:B1")


def test_the_command_lists_the_drawn_objects_of_either_way(tmp_path: Path) -> None:
    commitment, roster = promised(rows(random.Random(6), 300))  # noqa: S311 - a made-up register, not a draw
    (tmp_path / "roster.tsv").write_bytes(roster)
    (tmp_path / "commitment.json").write_text(commitment.to_json(), encoding="utf-8")
    words = ["draw", "select", str(tmp_path / "commitment.json"), str(tmp_path / "roster.tsv")]
    entropy = ["--entropy", "dice:000001/batch:B1"]
    first, second = (
        CliRunner().invoke(cli, [*words, *entropy, "--backend", backend]) for backend in ("python", "duckdb")
    )
    assert first.exit_code == 0, first.output
    assert first.stdout_bytes == second.stdout_bytes
    lines = first.stdout.splitlines()
    assert len(lines) == sum(quota.quota for quota in commitment.quotas)
    assert lines[0].split("\t")[:2] == ["A", "1"]
    changed = replace(commitment, purpose="另一目的")
    (tmp_path / "commitment.json").write_text(changed.to_json()[:-1], encoding="utf-8")
    broken = CliRunner().invoke(cli, [*words, *entropy])
    assert broken.exit_code == 1
