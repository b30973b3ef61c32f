"""A daemon with a tiny office, to be run as a process of its own: daemon_office.py HOME [PORT] [MODE].

Every sweep adds a line to HOME/swept. MODE: quiet · slow (a sweep takes a second) · hang (a sweep never ends) · hang for long (nor
does the waiting for it) ·
broken (sweeps raise) · refuse (the office cannot be opened).
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.app.audit.health_numbers import HealthNumbers
from engine.app.delivery.deliver import Delivered
from engine.app.timers.fire_due import FiredTimers
from engine.deployment.clocks import SystemClock
from engine.runtime.daemon import DaemonError, run_daemon
from engine.runtime.daemon_settings import read_daemon_settings
from engine.runtime.logs import configure_logs


class TinyOffice:
    clock = SystemClock()

    def __init__(self, home: Path, mode: str) -> None:
        if mode == "refuse":
            raise FileNotFoundError("no database")
        self._home = home
        self._mode = mode

    def sweep(self) -> FiredTimers:
        self._write("begun")
        if self._mode == "slow":
            time.sleep(1)
        if self._mode.startswith("hang"):
            threading.Event().wait()
        if self._mode == "broken":
            raise RuntimeError("database is locked")
        self._write("swept")
        return FiredTimers(0, 0, None)

    def deliver(self) -> Delivered:
        return Delivered()

    def nightly(self) -> None:
        self._write("nightly")

    def stand(self, called: Callable[[], None], leads: Callable[[], None]) -> None:
        called()

    def halt(self) -> None:
        self._write("halted")

    def ready(self) -> Mapping[str, Any]:
        return {"database": True, "migrations": {"ok": True, "head": "0001"}}

    def numbers(self) -> HealthNumbers:
        return HealthNumbers({"visit": 3}, 1, 4, 0.0, 0, {("message", "waiting"): 2}, 5, 60, None)

    def close(self) -> None:
        self._write("closed")

    def _write(self, name: str) -> None:
        with (self._home / name).open("a", encoding="utf-8") as file:
            file.write("x\n")


def main() -> int:
    home, port, mode = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    configure_logs()
    more = {} if port == "none" else {"health_port": int(port)}
    settings = read_daemon_settings(
        {
            "sweep_seconds": 1,
            "deliver_seconds": 1,
            "shutdown_timeout_seconds": 3600 if mode == "hang for long" else 2,
            **more,
        },
        home,
    )
    try:
        return run_daemon(lambda: TinyOffice(home, mode), settings)
    except DaemonError as refused:
        print(refused.message, file=sys.stderr)
        return 3
    except FileNotFoundError as problem:
        print(problem, file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
