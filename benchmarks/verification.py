"""Verifying everything, beside reading and hashing the same rows; and what a day adds to it, with little and with much before.

The histories are those of cases, of ten events each, written ten at a time as commands write them: each transaction with
its row statement. A day is 200 events more. Head, seal and the check of the night read the statements since the last
head or seal, and what they name. All figures are processor time of this process.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.application import START, deployment
from engine.app.audit.seals import seal
from engine.app.audit.signed_heads.history import read_newest
from engine.app.audit.signed_heads.keeping import keep_head_of_today
from engine.app.audit.verify_deployment import verify
from engine.app.audit.verify_since import verify_since
from engine.app.commands.application import Application
from engine.app.history.paged_reading import PagedReading
from engine.deployment.head_key_file import HeadKeyFile
from engine.deployment.home import Home
from engine.lifecycle.chain import GENESIS, Event, follow

EVENTS, FEW = 1_000_000, 10_000
#: Events of one history, and of one transaction.
LONG = 10
DAY = 200
DAYS = 5
#: What a night does of the audit.
DAILY = ("check", "head", "seal")
#: What the product promises.
MAX_RATIO, MAX_GROWTH = 5, 1.2


def history(number: int) -> list[Event]:
    """Return the history of one case that is over."""
    made, previous = list[Event](), GENESIS
    for seq in range(1, LONG + 1):
        at = START + timedelta(minutes=number + seq)
        body = {
            "step": f"step_{seq}",
            "title": "办理",
            "form": "record",
            "answers": {"facts": f"示例{number}", "count": seq},
        }
        made.append(follow(f"old-{number}", seq, at, "p-1", "advanced", body, previous))
        previous = made[-1].hash
    return made


def fill(application: Application, events: int, first: int = 0) -> int:
    """Write so many events, each history in a transaction of its own; return the number of the next history."""
    for number in range(first, first + events // LONG):
        with application.store.write() as transaction:
            transaction.events.append(history(number))
    return first + events // LONG


def hashed(file: Path) -> float:
    """Read every row of every table and hash it; return the processor time."""
    begun = time.process_time()
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        digest = hashlib.sha256()
        for table in tables:
            for row in database.execute(f'SELECT * FROM "{table}"'):
                digest.update(hashlib.sha256("\x1f".join(map(str, row)).encode()).digest())
    return time.process_time() - begun


def verified(application: Application) -> float:
    """Verify everything, which must be in order; return the processor time."""
    begun = time.process_time()
    with PagedReading(application.store) as pages:
        assert [str(one) for one in verify(pages)] == []
    return time.process_time() - begun


def day(application: Application, signer: HeadKeyFile, number: int) -> tuple[dict[str, float], int]:
    """Write a day's events, check them, seal them and sign the head; return the processor time of each."""
    number = fill(application, DAY, number)
    spent = dict[str, float]()
    for what, work in (
        ("check", lambda: check(application)),
        ("seal", lambda: seal(application) is not None),
        ("head", lambda: keep_head_of_today(application, signer) is not None),
    ):
        begun = time.process_time()
        assert work()
        spent[what] = time.process_time() - begun
    return spent, number


def check(application: Application) -> bool:
    """Verify what was written since the newest head, where there is one; tell whether it is in order."""
    with application.store.read() as transaction:
        history = read_newest(transaction)
        return history.last is None or not list(verify_since(transaction, history, history.last))


def with_so_many(events: int) -> dict[str, float]:
    """Return the figures with so many events."""
    with deployment() as (application, clock, file):
        signer = HeadKeyFile(Home(file.parent))
        number = fill(application, events)
        _, number = day(application, signer, number)
        days = []
        for _ in range(DAYS):
            clock.advance(timedelta(days=1))
            spent, number = day(application, signer, number)
            days.append(spent)
        limit, ours = hashed(file), verified(application)
    return {
        **{f"{what}_seconds": min(one[what] for one in days) for what in DAILY},
        "verify_seconds": ours,
        "limit_seconds": limit,
        "ratio": ours / limit,
    }


def measure(events: int = EVENTS, few: int = FEW) -> dict[str, Any]:
    """Return the processor time of verifying, beside the limit, and of a day, with few events before and with many."""
    small, large = with_so_many(few), with_so_many(events)
    return {
        "events": events,
        "full": {name: round(large[f"{name}_seconds"], 2) for name in ("verify", "limit")}
        | {"ratio": round(large["ratio"], 2)},
        **{
            what: {
                "few_seconds": round(small[f"{what}_seconds"], 4),
                "many_seconds": round(large[f"{what}_seconds"], 4),
                "ratio": round(large[f"{what}_seconds"] / small[f"{what}_seconds"], 2),
            }
            for what in DAILY
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(*map(int, sys.argv[1:])), indent=2))
