"""Who is on the stage of a run: the deployment, its database, and every process, ready to be born again and again."""

from __future__ import annotations

import shutil
import signal
import socket
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from engine.app.definitions.cache import DefinitionCache
from engine.app.ports.store import Clock
from engine.deployment.home import Home
from engine.deployment.open import open_application, open_deployment_store
from tests.chaos.client import run_client
from tests.chaos.clockwork import run_clockwork
from tests.chaos.environment import set_up_bureau
from tests.chaos.older import Older
from tests.chaos.receiver import TAKES, run_receiver
from tests.chaos.server import OwnPostgres, run_bad_line
from tests.chaos.shared_clock import SharedClock
from tests.chaos.workers import Worker, fork
from tests.chaos.workload import Plan, Run

#: One daemon in so many lives does the nightly checks, which read every history there is.
NIGHT_ONE_IN = 6
#: Where there is an older version, one daemon in so many lives runs on it.
OLDER_ONE_IN = 4
#: Daemons on PostgreSQL; an SQLite file has one.
DAEMONS = 3


def prepare(plan: Plan, stack: ExitStack) -> Run:
    """Set the stage and start every process; `stack` ends them."""
    for number in (signal.SIGUSR1, signal.SIGUSR2):
        # Inherited: a process that is struck before it listens does not die of it.
        stack.callback(signal.signal, number, signal.signal(number, signal.SIG_IGN))
    plan.place.mkdir(parents=True, exist_ok=True)
    mode = plan.place / "mode"
    clock = SharedClock(plan.place / "clock")
    mode.write_bytes(TAKES)
    server = None
    url = "data/ssj.db"
    if plan.database == "postgres":
        server = OwnPostgres(plan.place / "postgresql")
        stack.callback(server.close)
        url = server.url
    hook, mail = _free_port(), _free_port()
    home = set_up_bureau(plan.place / "home", url, clock, webhook_port=hook, mail_port=mail)
    journals = plan.place / "journals"
    journals.mkdir()
    run = Run(plan, home.database, home.path, journals, plan.place / "received.jsonl", clock, server)
    run.mode = mode
    run.receiver = Worker("receiver", lambda life: fork(lambda: run_receiver(run.received, mode, hook, mail)))
    bad = None
    if server is not None:
        # The address of a socket is short: the folder of a run may lie too deep.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ssj-line-")))
        run.line, bad = _bad_line(folder, server)
    cast = _Cast(run, home, plan.place / "clock", _known(home, clock))
    if plan.older is not None:
        cast.older = Older(plan.older, plan.place / "older")
    run.daemons = [cast.daemon(number) for number in range(1 if server is None else DAEMONS)]
    run.clients = [cast.client(f"c{number}", bad if number == 0 else None) for number in range(plan.clients)]
    if cast.older is not None:
        run.clients.append(cast.older_client(cast.older))
    stack.callback(_end_all, run)
    for worker in run.everybody():
        worker.start()
    return run


@dataclass(slots=True)
class _Cast:
    run: Run
    home: Home
    clock: Path
    #: Read before anybody is born, so that the clients need not each read it again.
    processes: DefinitionCache
    older: Older | None = None

    def daemon(self, number: int) -> Worker:
        """Return a daemon, each as on a machine of its own: a folder of its own, the same database."""
        place, older = self.run.plan.place, self.older
        folder = self.home.path if number == 0 else place / f"home{number}"
        if number:
            shutil.copytree(self.home.path, folder)
        self.run.homes.append(folder)

        def born(life: int) -> int:
            log = place / "daemon.log"
            if older is not None and life % OLDER_ONE_IN == 0:
                return older.daemon(str(folder), self.clock, log)
            nightly = (life + number) % NIGHT_ONE_IN == 1
            return fork(lambda: run_clockwork(str(folder), self.clock, log, nightly=nightly))

        return Worker(f"daemon {number}", born)

    def client(self, name: str, database: str | None) -> Worker:
        """Return a client, with an address of the database of its own where one is given."""
        run, home = self.run, str(self.home.path)

        def born(life: int) -> int:
            seed = f"{run.plan.seed} {name} {life}"
            return fork(
                lambda: run_client(
                    name,
                    home,
                    self.clock,
                    run.journals,
                    seed,
                    processes=self.processes,
                    database=database,
                )
            )

        return Worker(name, born)

    def older_client(self, older: Older) -> Worker:
        """Return a client on the older version."""
        run, home = self.run, str(self.home.path)
        return Worker(
            "older",
            lambda life: older.client(
                "older", home, self.clock, run.journals, f"{run.plan.seed} older {life}"
            ),
        )


def _bad_line(folder: Path, server: OwnPostgres) -> tuple[Worker, str]:
    """Return the proxy before one client, and the address of the database behind it."""
    line = Worker("line", lambda life: fork(lambda: run_bad_line(folder, server.socket_folder)))
    return line, server.url.replace(str(server.socket_folder), str(folder))


def _known(home: Home, clock: Clock) -> DefinitionCache:
    application = open_application(home, clock=clock, store=open_deployment_store(home))
    with application.store.read() as transaction:
        application.definitions.latest(transaction, "drill")
    application.store.close()
    return application.definitions


def _end_all(run: Run) -> None:
    for worker in run.everybody():
        if not worker.ended():
            worker.kill()
            while not worker.ended():
                time.sleep(0.01)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
