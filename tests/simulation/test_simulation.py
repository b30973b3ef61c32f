"""Seeds of the simulation in which nothing may be wrong, and faults of the product that it must find."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import PLANTED
from run_seeds import Stores, main, play, shrunk

#: Seeds of a normal run on each kind of store. `make simulate SEEDS=N` plays others, and more.
SEEDS = {"memory": range(1, 27), "sqlite": range(101, 105)}
#: Of a planted fault, so many seeds at the most until it is found.
MAX_SEEDS = 20


@pytest.fixture(scope="module")
def memory(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    return Stores("memory", tmp_path_factory.mktemp("memory"))


@pytest.mark.parametrize("kind", SEEDS)
def test_nothing_is_lost_doubled_stuck_or_out_of_order(kind: str, tmp_path: Path) -> None:
    stores = Stores(kind, tmp_path)
    for seed in SEEDS[kind]:
        played = play(stores, seed)
        assert played.wrong == [], f"seed {seed}"
        assert played.acts >= 200
        assert sum(played.faults.values()) >= 5, f"seed {seed}: {played.faults}"


def test_a_seed_is_the_same_each_time(memory: Stores) -> None:
    first, again, other = play(memory, 7), play(memory, 7), play(memory, 8)
    assert (first.faults, first.acts) == (again.faults, again.acts)
    assert first.faults != other.faults


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found(memory: Stores, name: str) -> None:
    plant = PLANTED[name]
    found = (
        play(memory, seed, tamper=plant.tamper(), lease=plant.lease).wrong for seed in range(1, MAX_SEEDS + 1)
    )
    assert any(found)


def test_a_seed_that_fails_is_shrunk(memory: Stores) -> None:
    plant = PLANTED["messages not written"]
    short = shrunk(memory, 1, tamper=plant.tamper)
    assert short.wrong
    assert short.acts < 200


def test_the_program_names_what_failed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--seeds", "2", "--first", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "failed: none"
    monkeypatch.setattr("run_seeds.problems", lambda world: ["something"])
    assert main(["--seeds", "2", "--first", "3"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "failed: 3, 4"
