"""The daemon as a real process: signals, the lock, health, the last line of its log."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from daemon_office import TinyOffice

from engine.runtime.daemon import DaemonError, run_daemon
from engine.runtime.daemon_settings import read_daemon_settings
from engine.runtime.lock import LOCK
from engine.runtime.settings import SettingsError
from tests.hung_run import HUNG, until

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Daemon:
    """A daemon in a process of its own."""

    def __init__(self, home: Path, mode: str = "quiet", port: str = "0") -> None:
        self.home = home
        script = Path(__file__).with_name("daemon_office.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(home), port, mode],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def event(self, name: str) -> dict[str, Any]:
        """Wait for a line of the log."""
        found: list[dict[str, Any]] = []

        def told() -> bool:
            ended = self.process.poll() is not None
            if ended:
                # The whole log is read then: what is not in it never comes.
                self._reader.join(HUNG)
            found[:] = [one for one in self.events() if one["event"] == name]
            assert found or not ended, f"no {name!r} in {self.lines}"
            return bool(found)

        until(told, lambda: f"no {name!r} in {self.lines}")
        return found[0]

    def end(self) -> int:
        code = self.process.wait(HUNG)
        self._reader.join(HUNG)
        return code

    def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        url = f"http://127.0.0.1:{self.event('started')['health_port']}{path}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=HUNG) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as problem:
            with problem:
                return problem.code, json.load(problem)

    def swept(self, name: str = "swept") -> int:
        file = self.home / name
        return len(file.read_text(encoding="utf-8").split()) if file.exists() else 0


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Callable[..., Daemon]]:
    made: list[Daemon] = []

    def start(mode: str = "quiet", port: str = "0") -> Daemon:
        made.append(Daemon(tmp_path, mode, port))
        return made[-1]

    yield start
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.end()
        assert one.process.stderr is not None
        one.process.stderr.close()


@posix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(daemon, number):
    it = daemon()
    it.event("started")
    until(lambda: it.swept() >= 1)
    it.process.send_signal(number)
    assert it.end() == 0
    last = it.events()[-1]
    assert last["event"] == "stopped"
    assert last["level"] == "info"
    assert it.event("stopping")["signal"] == signal.Signals(number).name
    assert it.swept("closed") == 1
    assert all(line.startswith("{") for line in it.lines)


@posix
def test_what_is_under_way_comes_to_its_end(daemon):
    it = daemon("slow", port="none")
    assert it.event("started")["health_port"] is None
    until(lambda: it.swept("begun") == 1)
    it.process.terminate()
    assert it.end() == 0
    assert it.swept() == 1
    assert it.swept("begun") == 1


@posix
def test_what_hangs_is_abandoned_and_said(daemon):
    it = daemon("hang")
    until(lambda: it.swept("begun") == 1)
    it.process.terminate()
    assert it.end() == 1
    assert it.events()[-1]["event"] == "abandoned"


@posix
def test_a_second_signal_does_not_wait(daemon):
    it = daemon("hang for long")
    until(lambda: it.swept("begun") == 1)
    it.process.terminate()
    it.event("stopping")
    # By itself it would wait for the hour that counts as hung.
    it.process.terminate()
    assert it.end() == 1


def test_sweeps_that_fail_do_not_end_it(daemon):
    it = daemon("broken")
    until(lambda: it.swept("begun") >= 3)
    assert it.event("sweep-failed")["error"] == "database is locked"
    status, body = it.ask("/readyz")
    assert (status, body["checks"]["sweep"]["ok"]) == (503, False)
    assert it.ask("/healthz")[0] == 200
    assert "Traceback" not in "\n".join(it.lines)


def test_health(daemon):
    it = daemon()
    it.event("started")
    until(lambda: it.ask("/readyz")[0] == 200)
    checks = it.ask("/readyz")[1]["checks"]
    assert checks["database"] is True
    assert checks["migrations"]["head"] == "0001"
    assert checks["sweep"]["ok"] is True
    assert checks["sweep"]["age_seconds"] >= 0
    assert it.ask("/healthz") == (200, {"alive": True})
    assert it.ask("/version")[1]["name"] == "shuangsuiji"


def test_a_second_daemon_refuses_and_names_the_first(daemon):
    first = daemon()
    first.event("started")
    second = daemon()
    assert second.end() == 3
    (sentence,) = second.lines
    assert f"进程号 {first.process.pid}" in sentence
    assert first.process.poll() is None


@posix
def test_the_lock_of_a_killed_daemon_is_taken_over(daemon):
    first = daemon()
    first.event("started")
    first.process.kill()
    first.end()
    assert (first.home / LOCK).read_text(encoding="ascii").strip() == str(first.process.pid)
    second = daemon()
    assert second.event("started")["pid"] == second.process.pid
    assert (first.home / LOCK).read_text(encoding="ascii").strip() == str(second.process.pid)
    second.process.terminate()
    assert second.end() == 0


def test_an_office_that_cannot_be_opened_leaves_no_lock(daemon):
    refused = daemon("refuse")
    assert refused.end() == 3
    assert refused.lines == ["no database"]
    assert daemon().event("started")


def settings_for(home: Path, **more: Any):
    return read_daemon_settings({"sweep_seconds": 1, **more}, home)


def test_a_stop_event_ends_it_outside_of_the_main_thread(tmp_path: Path):
    stop, codes = threading.Event(), []
    application = TinyOffice(tmp_path, "quiet")
    thread = threading.Thread(
        target=lambda: codes.append(run_daemon(lambda: application, settings_for(tmp_path), stop))
    )
    thread.start()
    until((tmp_path / "swept").exists)
    stop.set()
    thread.join(HUNG)
    assert codes == [0]


def test_signal_handlers_are_given_back(tmp_path: Path):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), threading.excepthook
    stop = threading.Event()
    stop.set()
    assert run_daemon(lambda: TinyOffice(tmp_path, "quiet"), settings_for(tmp_path), stop) == 0
    after = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT), threading.excepthook
    assert after == before


def test_a_health_port_that_is_taken_is_a_sentence(tmp_path: Path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DaemonError) as refused:
            run_daemon(lambda: TinyOffice(tmp_path, "quiet"), settings_for(tmp_path, health_port=port))
    assert str(port) in str(refused.value.message)
    assert (tmp_path / "closed").exists()


def test_a_lock_that_cannot_be_written_is_a_sentence(tmp_path: Path):
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(DaemonError) as refused:
        run_daemon(lambda: TinyOffice(tmp_path, "quiet"), settings_for(tmp_path))
    assert "daemon.lock" in str(refused.value.message)


def test_settings_have_defaults_and_every_mistake_is_told(tmp_path: Path):
    usual = read_daemon_settings({"database": "somebody else's"}, tmp_path)
    assert (usual.nightly_at, usual.timezone, usual.health_port) == ("02:30", "Asia/Shanghai", None)
    assert usual.shutdown_timeout_seconds < 5
    assert list(usual.retry.minutes) == sorted(usual.retry.minutes)
    with pytest.raises(SettingsError) as refused:
        read_daemon_settings(
            {
                "sweep_seconds": 0,
                "nightly_at": "25:00",
                "timezone": "Asia/Nowhere",
                "retry_minutes": [1, "x"],
                "health_port": 70000,
                "max_lease_minutes": True,
            },
            tmp_path,
        )
    told = "\n".join(str(problem) for problem in refused.value.problems)
    for name in (
        "sweep_seconds",
        "nightly_at",
        "timezone",
        "retry_minutes",
        "health_port",
        "max_lease_minutes",
    ):
        assert f"settings.{name}" in told
    assert len(refused.value.problems) == 6
