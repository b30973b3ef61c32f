"""``ssj demo`` killed at random points and started again comes to what an unbroken run comes to, event by event."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from crash_factories import check_whole, delays, delivered, fresh_seed, histories, ssj
from fork_server import ForkServer

from engine.app.ports.store import Store, Transaction
from engine.demo import set_up as staging
from engine.deployment.open import open_deployment_store
from engine.register.sheet.writing import write_csv
from engine.synthetic.registers import sample_objects
from tests.hung_run import HUNG

#: Kills in a normal run and in a long one, and by how many demonstrations side by side they are shared. That it is broken
#: off in or after any of its transactions is tried besides, below.
KILLS, MANY_KILLS = 24, 300
CHAINS, MANY_CHAINS = 1, 2
#: Transactions between two crashes, at most: of about 3,400.
BETWEEN, SOAK_BETWEEN = 300, 25
#: Seconds a process lives, at most. One lives about five seconds when it is let.
LIFE = 0.8
#: What one that is not to be killed gets.
AMPLE = HUNG


@dataclass(slots=True)
class Broken:
    """A demonstration that was killed again and again until it had come to its end."""

    path: Path
    kills: int = 0
    summary: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("objects") / "objects.csv"
    write_csv("objects", sample_objects(60, "crash"), path)
    return path


def break_until(directory: Path, objects: Path, kills: int, seed: int) -> list[Broken]:
    """Kill demonstrations so many times, each gone on with after every kill, then let the last one end."""
    with ForkServer(directory / "papers") as fork_server:
        return break_in(fork_server, directory, objects, kills, seed)


def break_in(fork_server: ForkServer, directory: Path, objects: Path, kills: int, seed: int) -> list[Broken]:
    """Do the same with children of a process that is there already."""
    moments = delays(seed, 0.01, LIFE)
    done: list[Broken] = []
    now = Broken(directory / "0")
    left = kills
    while True:
        code, out, err = fork_server.live(
            "demo", now.path, "--objects", objects, "--json", seconds=next(moments) if left else AMPLE
        )
        if code is None:
            assert left, f"did not end: {err}"
            left, now.kills = left - 1, now.kills + 1
            continue
        assert code == 0, err
        now.summary = json.loads(out)
        done.append(now)
        if not left:
            return done
        now = Broken(directory / str(len(done)))


@pytest.fixture(scope="module")
def outcome(
    objects: Path, tmp_path_factory: pytest.TempPathFactory, soak: bool
) -> tuple[Broken, list[Broken]]:
    base = tmp_path_factory.mktemp("demo")
    chains, seed = MANY_CHAINS if soak else CHAINS, fresh_seed()
    kills = (MANY_KILLS if soak else KILLS) // chains
    with (
        ThreadPoolExecutor(chains) as pool,
        ForkServer(base / "papers") as fork_server,
    ):
        others = [
            pool.submit(break_until, base / f"broken-{n}", objects, kills, seed + n) for n in range(1, chains)
        ]
        whole = break_in(fork_server, base / "whole", objects, 0, 0)
        broken = break_in(fork_server, base / "broken-0", objects, kills, seed)
        return whole[0], [*broken, *(one for each in others for one in each.result())]


def test_killed_and_gone_on_with_it_is_the_same_year(
    outcome: tuple[Broken, list[Broken]], soak: bool
) -> None:
    whole, broken = outcome
    assert whole.kills == 0
    assert whole.summary["open"] == 0
    assert sum(one.kills for one in broken) == (MANY_KILLS if soak else KILLS)
    expected = histories(whole.path)
    for one in broken:
        assert one.summary == whole.summary, one.path
        assert histories(one.path) == expected, one.path


def test_nothing_is_lost_and_nobody_is_reminded_twice(outcome: tuple[Broken, list[Broken]]) -> None:
    whole, broken = outcome
    check_whole(whole.path)
    expected = delivered(whole.path / "logs" / "messages.jsonl")
    assert set(expected.values()) == {1}
    for one in broken:
        check_whole(one.path)
        messages = delivered(one.path / "logs" / "messages.jsonl")
        # The same messages with the same ids; one that was sent but not marked when the process was killed comes
        # again.
        assert set(messages) == set(expected)
        assert max(messages.values()) <= 1 + one.kills


def test_a_finished_demonstration_is_left_alone(outcome: tuple[Broken, list[Broken]]) -> None:
    whole, broken = outcome
    for one in (whole, broken[0]):
        before = histories(one.path)
        code, out, err = ssj("demo", one.path)
        assert (code, out) == (2, "")
        assert "不是空目录" in err
        assert histories(one.path) == before
        assert not list((one.path / "data").glob("demo*"))


class Crash(BaseException):
    """The process dies here."""


class Fragile:
    """A store that breaks in a transaction, before or after it is committed."""

    def __init__(self, store: Store, fuse: list[tuple[int, bool]]) -> None:
        self._store = store
        self._fuse = fuse

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        count, late = self._fuse[0]
        self._fuse[0] = (count - 1, late)
        with self._store.write() as transaction:
            yield transaction
            if count == 0 and not late:
                raise Crash
        if count == 0:
            raise Crash

    def read(self) -> AbstractContextManager[Transaction]:
        return self._store.read()

    def hold(self, name: str) -> AbstractContextManager[bool]:
        return self._store.hold(name)

    def close(self) -> None:
        self._store.close()


def test_broken_off_in_or_after_any_transaction(
    outcome: tuple[Broken, list[Broken]],
    objects: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    soak: bool,
) -> None:
    chance = random.Random(seed := fresh_seed())  # noqa: S311 - where to break, not a draw
    print("seed", seed)
    crashes = 0
    fuse = [(0, True)]
    monkeypatch.setattr(
        staging,
        "open_deployment_store",
        lambda home, *, create: Fragile(open_deployment_store(home, create=create), fuse),
    )
    while True:
        # Mostly after a while, sometimes at once, so that what was broken off is broken off again.
        most = 5 if chance.random() < 0.3 else SOAK_BETWEEN if soak else BETWEEN
        fuse[0] = (chance.randrange(most), chance.random() < 0.5)
        try:
            summary, _ = staging.run_demo(tmp_path / "demo", objects, "2024")
            break
        except Crash:
            crashes += 1
    whole, _ = outcome
    # How often depends on the seed; fewer would say little.
    assert crashes > 10
    assert summary == whole.summary
    assert histories(tmp_path / "demo") == histories(whole.path)
    check_whole(tmp_path / "demo")
