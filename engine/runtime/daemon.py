"""The daemon: one process that keeps every clock of a deployment, until it is stopped.

It takes the lock of the deployment, opens it, answers for its health, starts the ticker and waits. SIGTERM or SIGINT
ends it: what is under way may finish, nothing new begins, what was taken out but not begun is given back. A second
signal ends it at once. Either way nothing is lost, because nothing is kept anywhere but in the store. On a database
server any number of daemons share one deployment; on a database of one file the lock lets one run.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from engine import __version__, tracing
from engine.app.ports.store import Clock
from engine.language import Message, say
from engine.runtime.daemon_settings import DaemonSettings
from engine.runtime.health import HealthServer
from engine.runtime.lock import LOCK, HomeLock
from engine.runtime.logs import note, note_failure
from engine.runtime.metrics import Metrics, MetricsMissingError
from engine.runtime.ticker import DeliveryResult, SweepResult, Ticker

if TYPE_CHECKING:
    from engine.app.audit.health_numbers import HealthNumbers

#: How often the waiting loop looks up, in seconds: a signal or a stop is noticed within so long.
_LOOK = 0.2


class DaemonTasks(Protocol):
    """What the daemon needs of a deployment. Every method may be called from any thread, not twice at once."""

    @property
    def clock(self) -> Clock:
        """Return the clock of the office."""
        ...

    def sweep(self) -> SweepResult:
        """Fire what is due."""
        ...

    def deliver(self) -> DeliveryResult:
        """Send the items of the outbox."""
        ...

    def nightly(self) -> object:
        """Do the nightly checks, if this daemon leads; called at night, at every start and when it begins to lead."""
        ...

    def stand(self, called: Callable[[], None], leads: Callable[[], None]) -> None:
        """Take a place among the daemons of the deployment.

        `called` is to be called, from any thread, when there is work; `leads` when this daemon begins to lead the others.
        """
        ...

    def halt(self) -> None:
        """Take up nothing more: finish what is in hand, give the rest back, let another daemon lead."""
        ...

    def ready(self) -> Mapping[str, Any]:
        """Return checks by name, each a bool or a mapping with ``ok`` (database reachable, migrations current)."""
        ...

    def numbers(self) -> HealthNumbers:
        """Return the health numbers, for a monitor."""
        ...

    def close(self) -> None:
        """Let go of everything."""
        ...


class DaemonError(Exception):
    """The daemon cannot start; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def run_daemon(
    make_office: Callable[[], DaemonTasks],
    settings: DaemonSettings,
    stop_event: threading.Event | None = None,
) -> int:
    """Run until a signal comes or `stop_event` is set; return the exit code, 0 after an orderly stop.

    Signals are taken in the main thread alone; elsewhere `stop_event` is the only way to stop. Raises DaemonError where
    another daemon runs on a deployment that bears one alone, or the health port is taken, and whatever `make_office` raises.
    """
    stop = stop_event or threading.Event()
    tracing.enable()
    with _locked(settings), _opened(make_office) as application, _signals() as received:
        ticker = Ticker(
            application.sweep,
            application.deliver,
            application.nightly,
            application.clock,
            settings.sweep_seconds,
            deliver_seconds=settings.deliver_seconds,
            nightly_at=settings.nightly_at,
            timezone=settings.timezone,
        )
        with _health(settings, application, ticker) as port:
            ticker.start()
            application.stand(ticker.wake, ticker.check_soon)
            note(
                logging.INFO,
                "started",
                say("守护进程已启动"),
                pid=os.getpid(),
                version=__version__,
                home=str(settings.home),
                health_port=port,
            )
            while not stop.is_set() and not received:
                stop.wait(_LOOK)
                ticker.heed_clock()
            note(
                logging.INFO,
                "stopping",
                say("正在停止，等待手头的工作完成"),
                signal=next(iter(received), None),
            )
            application.halt()
            if not _drain(ticker, settings.shutdown_timeout_seconds, received):
                _abandon()
    note(logging.INFO, "stopped", say("守护进程已停止"), pid=os.getpid())
    return 0


def _drain(ticker: Ticker, seconds: float, received: list[str]) -> bool:
    """Stop the ticker; a second signal cuts the waiting short."""
    signals = len(received)
    left = seconds
    while not ticker.stop(min(_LOOK, max(left, 0))):
        left -= _LOOK
        if left <= 0 or len(received) > signals:
            return False
    return True


def _abandon() -> NoReturn:
    """End the process under the work that hangs, without giving the lock back before the process is gone."""
    note(
        logging.WARNING,
        "abandoned",
        say("手头的工作没有及时完成，已放弃；未提交的部分由数据库撤销，由其他守护进程接手，或下次启动时重做"),
        pid=os.getpid(),
    )
    logging.shutdown()
    # Python would wait at its end for the thread that hangs.
    os._exit(1)


@contextmanager
def _locked(settings: DaemonSettings) -> Iterator[None]:
    lock = HomeLock(settings.home / LOCK)
    try:
        refused = lock.take(shared=settings.shared)
    except OSError as problem:
        raise DaemonError(
            say("不能写锁文件 {path}：{problem}；请检查目录权限与磁盘", path=lock.path, problem=problem)
        ) from None
    if refused is not None:
        raise DaemonError(refused)
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _opened(make_office: Callable[[], DaemonTasks]) -> Iterator[DaemonTasks]:
    application = make_office()
    try:
        yield application
    finally:
        # A supervisor that asks again meanwhile must not kill what is ending already.
        with _signals():
            application.close()


@contextmanager
def _health(settings: DaemonSettings, application: DaemonTasks, ticker: Ticker) -> Iterator[int | None]:
    """Answer for the health of the daemon, where a port is named."""
    if settings.health_port is None:
        yield None
        return
    most = settings.sweep_seconds * settings.max_missed_sweeps

    def checks() -> Mapping[str, Any]:
        age = ticker.sweep_age()
        sweep = {"ok": age is not None and age <= most, "age_seconds": None if age is None else round(age, 1)}
        return {**application.ready(), "sweep": sweep}

    try:
        metrics = _metrics(settings, application, ticker)
        server = HealthServer(checks, settings.health_port, settings.health_host, metrics=metrics)
    except OSError as problem:
        raise DaemonError(
            say(
                "健康检查端口 {port} 不能使用：{problem}；请停掉占用它的程序，或改 health_port",
                port=settings.health_port,
                problem=problem,
            )
        ) from None
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _metrics(settings: DaemonSettings, application: DaemonTasks, ticker: Ticker) -> Metrics | None:
    try:
        return Metrics(application.numbers, ticker.sweep_age, time.monotonic, settings.metrics_seconds)
    except MetricsMissingError:
        return None


@contextmanager
def _signals() -> Iterator[list[str]]:
    """Collect the names of the signals that ask for an end, and log what other threads let fall."""
    received: list[str] = []

    def noted(number: int, _frame: object) -> None:
        # Nothing but this: a handler runs in the middle of whatever holds a lock.
        received.append(signal.Signals(number).name)

    def fallen(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            note_failure("thread-failed", args.exc_value, thread=args.thread.name if args.thread else None)

    main = threading.current_thread() is threading.main_thread()
    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGBREAK] if hasattr(signal, "SIGBREAK") else [])]
    earlier = {number: signal.signal(number, noted) for number in numbers} if main else {}
    hook, threading.excepthook = threading.excepthook, fallen
    try:
        yield received
    finally:
        threading.excepthook = hook
        for number, handler in earlier.items():
            signal.signal(number, handler)
