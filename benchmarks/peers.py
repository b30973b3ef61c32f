"""Peers that keep their work in a database, each in its smallest honest use and on the database it is made for here.

* SpiffWorkflow (SQLite, synchronous=FULL) loads a serialised workflow, completes a task of a person and saves it: the
  steps the product takes beside it with their condition (7 to 8 KB of JSON), a process of two bare tasks (6 KB), and
  those with their deadlines and reminders as timers (27 KB).
* DBOS runs one step of a durable workflow (its SQLite store).
* Viewflow (SQLite, synchronous=FULL) carries out one node of a flow by code. It is under the AGPL and no part of the
  lock file: install ``django-viewflow`` by hand to see the line.
* procrastinate on PostgreSQL takes in and carries out one job.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import make_url

from benchmarks.timers import postgresql


def spiff(count: int = 200, *, shape: str = "same") -> float:
    """Return how many tasks SpiffWorkflow loads, completes and saves in a second of processor time, SQLite with synchronous=FULL.

    `shape` is the process: ``same`` (the steps the product takes here), ``bare`` (two tasks one after the other) or
    ``timers`` (those two, each with a deadline and three reminders).
    """
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "visit.bpmn"
        file.write_text(_bpmn(shape), encoding="utf-8")
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
        began = process_time()
        for number in range(count):
            database.execute("BEGIN IMMEDIATE")
            (body,) = database.execute("SELECT body FROM workflow WHERE id = ?", (number,)).fetchone()
            found = serializer.deserialize_json(body)
            task = found.get_tasks(state=TaskState.READY, manual=True)[0]
            task.data.update({"found": "未发现问题", "count": 2, "step": "go"})
            task.run()
            found.do_engine_steps()
            database.execute(
                "UPDATE workflow SET body = ? WHERE id = ?", (serializer.serialize_json(found), number)
            )
            database.execute("COMMIT")
        took = process_time() - began
        database.close()
    return count / took


def _bpmn(shape: str) -> str:
    if shape == "same":
        return _SAME
    boundaries = "".join(
        f'<bpmn:boundaryEvent id="{task}{days}" cancelActivity="false" attachedToRef="{task}">'
        f"<bpmn:outgoing>{task}{days}x</bpmn:outgoing><bpmn:timerEventDefinition><bpmn:timeDuration>"
        f"&quot;P{days}D&quot;</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:sequenceFlow id="{task}{days}x" sourceRef="{task}{days}" targetRef="{task}{days}e" />'
        f'<bpmn:endEvent id="{task}{days}e"><bpmn:incoming>{task}{days}x</bpmn:incoming></bpmn:endEvent>'
        for task in ("there", "here")
        for days in (10, 15, 18, 20)
    )
    return _BPMN.replace("<!-- timers -->", boundaries if shape == "timers" else "")


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

#: The steps of `benchmarks.application.WORKFLOW` and their condition, without its deadlines, messages and roles.
_SAME = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="http://example.org">
  <bpmn:process id="visit" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="start" targetRef="there" />
    <bpmn:manualTask id="there" name="there"><bpmn:incoming>a</bpmn:incoming><bpmn:incoming>back</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:manualTask>
    <bpmn:sequenceFlow id="b" sourceRef="there" targetRef="from_there" />
    <bpmn:exclusiveGateway id="from_there" default="finish"><bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>go</bpmn:outgoing><bpmn:outgoing>finish</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="go" sourceRef="from_there" targetRef="here"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">step == "go" and count &gt;= 1</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="finish" sourceRef="from_there" targetRef="done" />
    <bpmn:manualTask id="here" name="here"><bpmn:incoming>go</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing></bpmn:manualTask>
    <bpmn:sequenceFlow id="c" sourceRef="here" targetRef="from_here" />
    <bpmn:exclusiveGateway id="from_here" default="end"><bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>back</bpmn:outgoing><bpmn:outgoing>end</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:sequenceFlow id="back" sourceRef="from_here" targetRef="there"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">step == "back" and count &gt;= 1</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="end" sourceRef="from_here" targetRef="done" />
    <bpmn:endEvent id="done"><bpmn:incoming>finish</bpmn:incoming><bpmn:incoming>end</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>
"""


def dbos(count: int = 200) -> float:
    """Return how many durable steps DBOS takes in a second, on its SQLite store."""
    with tempfile.TemporaryDirectory() as folder:
        return _in_process(_dbos, folder, count)


def _dbos(folder: str, count: int) -> float:
    from dbos import DBOS

    config: Any = {
        "name": "bench",
        "system_database_url": f"sqlite:///{Path(folder) / 'dbos.sqlite'}",
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)

    @DBOS.step()
    def step(number: int) -> int:
        return number

    @DBOS.workflow()
    def flow(many: int) -> None:
        for number in range(many):
            step(number)

    DBOS.launch()
    try:
        flow(20)
        began = process_time()
        flow(count)
        return count / (process_time() - began)
    finally:
        DBOS.destroy()


def viewflow(count: int = 200) -> float:
    """Return how many nodes Viewflow carries out in a second, each in a transaction of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return _in_process(_viewflow, folder, count)


def _viewflow(folder: str, count: int) -> float:
    import django
    from django.conf import settings

    settings.configure(
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        # This package holds the flow: Viewflow stores where it stands.
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "benchmarks",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(Path(folder) / "viewflow.db"),
                "OPTIONS": {
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                    "transaction_mode": "IMMEDIATE",
                },
            }
        },
    )
    django.setup()
    from django.core.management import call_command
    from django.db import transaction
    from viewflow import this
    from viewflow.workflow import STATUS, flow
    from viewflow.workflow.models import Process, Task

    class VisitFlow(flow.Flow):
        process_class = Process
        start = flow.StartHandle(this.work).Next(this.there)
        there = flow.Handle(this.work).Next(this.here)
        here = flow.Handle(this.work).Next(this.there)

        def work(self, activation: Any) -> Any:
            return activation.process

    globals()["VisitFlow"] = VisitFlow
    VisitFlow.__qualname__ = "VisitFlow"
    call_command("migrate", verbosity=0)
    process = VisitFlow.start.run()

    def step() -> None:
        with transaction.atomic():
            task = Task.objects.get(process_id=process.pk, status=STATUS.NEW)
            task.flow_task.run(task)

    for _ in range(20):
        step()
    began = process_time()
    for _ in range(count):
        step()
    return count / (process_time() - began)


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
