"""``ssj draw list | show | verify | kit``."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called
from draws_fixtures import BATCH, DICE, Desk

from engine.cli.draws.draw import group
from engine.draw.kit import kit_files


def test_draws_are_listed_and_shown(drawn: Desk) -> None:
    record = drawn.record()
    (row,) = called(group, "list", "--json", home=drawn.home).json()
    assert (row["case"], row["number"], row["drawn"]) == (BATCH, 1, len(record.visits))
    assert called(group, "list", home=drawn.home).out.split("\t")[0] == BATCH
    shown = called(group, "show", BATCH, home=drawn.home).out
    assert record.parsed.digests().sm3 in shown
    assert all(f"\t{one.object_id}\t{one.stratum}\t{one.ticket[:16]}\t" in shown for one in record.visits)
    found = called(group, "show", BATCH, "--json", home=drawn.home).json()
    assert DICE in str(found)
    assert called(group, "show", BATCH, "--number", "2", home=drawn.home).code == 1


def test_refused_attempts_stand_below(committed: Desk) -> None:
    committed.step("type_entropy", "insp-01", committed.entropy())
    shown = called(group, "show", BATCH, home=committed.home).out.splitlines()
    (attempt,) = committed.attempts()
    assert "被拒绝的操作 1 次：" in shown
    assert shown[-1].split("\t")[1] == attempt.actor == "insp-01"


def test_a_kit_is_written_once_and_verifies(drawn: Desk, tmp_path: Path) -> None:
    place = tmp_path / "kit"
    names = called(group, "kit", BATCH, place, home=drawn.home).out.splitlines()
    assert {name: (place / name).read_bytes() for name in names} == kit_files(drawn.record())
    assert called(group, "kit", BATCH, place, home=drawn.home).code == 2
    assert called(group, "kit", "batch-9", tmp_path / "other", home=drawn.home).code == 1
    assert not (tmp_path / "other").exists()
    assert called(group, "verify", BATCH, home=drawn.home).code == 0
    assert called(group, "verify", place).code == 0
    (place / "roster.tsv").write_bytes((place / "roster.tsv").read_bytes()[:-2])
    assert called(group, "verify", place).code == 1
    foreign = called(group, "verify", BATCH, "--anchor", "00" * 32, home=drawn.home)
    assert foreign.code == 1
    assert f"日志头“{'00' * 32}”不在日志里" in foreign.out
    assert foreign.out.endswith("核验未通过\n")
