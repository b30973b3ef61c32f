"""Several processes on one database, and processes that die while they write."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from one_writer import write
from sample_instants import case_at, first_event, outgoing_at, task_at, timer_at

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import Transaction
from engine.lifecycle.chain import breaks
from engine.store.sql import open_store
from tests.hung_run import HUNG

WRITER = Path(__file__).with_name("one_writer.py")
#: Kills in a normal run and in a long one.
KILLS, MANY_KILLS = 6, 24


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(WRITER), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": f"{Path(__file__).parents[2]}:{WRITER.parent}", "PATH": "/usr/bin:/bin"},
    )


def check_whole(transaction: Transaction) -> dict[str, int]:
    """Assert that every unit is there with all its parts or not at all; returns the revision of each case."""
    out: dict[str, int] = {}
    outgoing = {item.id: item for item in transaction.outbox.listed(limit=1_000_000)}
    for stream in transaction.events.streams():
        events = transaction.events.of(stream, limit=1_000_000)
        assert list(breaks(events)) == []
        last = events[-1]
        assert transaction.cases.get(stream) == case_at(last)
        assert transaction.tasks.of_case(stream) == [task_at(last)]
        assert transaction.timers.of_case(stream) == [timer_at(last)]
        for event in events:
            assert outgoing.pop(f"{stream}:{event.seq}:1") == outgoing_at(event)
            receipt = transaction.idempotency_record(f"{stream}:{event.seq}")
            assert receipt is not None
            assert receipt.answer == {"n": event.seq}
        out[stream] = last.seq
    assert outgoing == {}
    assert transaction.cases.count(CaseFilter()) == len(out) == transaction.timers.count()
    return out


def test_a_process_killed_while_it_writes_leaves_whole_units(tmp_path: Path, soak: bool) -> None:
    path = tmp_path / "ssj.db"
    open_store(path, create=True).close()
    chance = random.Random(20190127)  # noqa: S311 - when to kill, not a draw
    told: dict[str, int] = {}
    for _ in range(MANY_KILLS if soak else KILLS):
        with start("run", str(path)) as writer:
            assert writer.stdout is not None
            told_now = [writer.stdout.readline()]
            time.sleep(chance.uniform(0, 0.12))
            writer.kill()
            told_now += writer.stdout.readlines()
        for line in told_now:
            # The last line may be cut off in the middle.
            if line.endswith("\n") and line.strip():
                stream, seq = line.split()
                told[stream] = int(seq)
        with closing(open_store(path)) as store, store.read() as transaction:
            kept = check_whole(transaction)
        # What a process has been told is committed has been committed.
        assert all(kept[stream] >= seq for stream, seq in told.items())
    assert sum(kept.values()) > KILLS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_four_processes_race_for_one_case(tmp_path: Path) -> None:
    path = tmp_path / "ssj.db"
    first = first_event("race")
    with closing(open_store(path, create=True)) as store, store.write() as transaction:
        write(transaction, first, 0)
    racers = [start("race", str(path), f"p-{number}") for number in range(4)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    outcomes = []
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    for racer in racers:
        out, _ = racer.communicate(timeout=HUNG)
        outcomes.append(out.strip())
        assert racer.returncode == 0
    assert sorted(outcomes) == ["late race", "late race", "late race", "won"]
    with closing(open_store(path)) as store, store.read() as transaction:
        last = transaction.events.last("race")
        assert last is not None
        assert last.actor == f"p-{outcomes.index('won')}"
        assert check_whole(transaction) == {"race": 2}


def test_processes_that_make_the_same_database_at_once(tmp_path: Path) -> None:
    code = "import sys; from engine.store.sql import open_store; open_store(sys.argv[1], create=True).close()"
    path = tmp_path / "ssj.db"
    makers = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [maker.wait(HUNG) for maker in makers] == [0, 0, 0]
    with closing(open_store(path)) as store, store.read() as transaction:
        assert transaction.cases.count(CaseFilter()) == 0
