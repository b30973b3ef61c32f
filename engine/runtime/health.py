"""Is the daemon alive, is it of use, which one is it: answers over HTTP for a supervisor or a monitor, as JSON.

``/healthz``  200 as long as the process answers.
``/readyz``   200 when every check holds, else 503; the body names each check.
``/version``  the product and its version.
``/metrics``  the health numbers for Prometheus, where the extra ``metrics`` is installed.

Only counts and states leave, never a case or a person. It listens on this machine alone unless set otherwise.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from engine import __version__
from engine.language import say
from engine.runtime.logs import note_failure
from engine.runtime.metrics import CONTENT_TYPE, Metrics

#: Seconds a client may keep a connection without saying anything.
_TIMEOUT_SECONDS = 5


class HealthServer:
    """Answers from threads of its own. `ready` returns the checks: name -> bool, or a mapping with ``ok``."""

    def __init__(
        self,
        ready: Callable[[], Mapping[str, Any]],
        port: int,
        host: str = "127.0.0.1",
        *,
        metrics: Metrics | None = None,
    ) -> None:
        """Take the port; port 0 takes a free one. Raises OSError where it cannot be had."""
        self._metrics = metrics
        self._ready = ready
        self._one_at_a_time = threading.Lock()
        self._server = _Server((host, port), _handler(self))
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """Return the port that is listened on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to answer."""
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, name="health", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Stop answering and give the port back; more often than once, or without a start, does no harm."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, Mapping[str, Any]]:
        """Return status and body for a path."""
        if path == "/healthz":
            return 200, {"alive": True}
        if path == "/version":
            return 200, {"name": "shuangsuiji", "version": __version__}
        if path == "/readyz":
            return self._readiness()
        if path == "/metrics":
            hint = say('没有指标：请运行 pip install "shuangsuiji[metrics]" 后重启')
            return 404, {"error": str(hint)}
        known = "/healthz、/readyz、/version、/metrics"
        return 404, {"error": str(say("没有“{path}”；可用：{known}", path=path, known=known))}

    def page(self, path: str) -> tuple[int, str, bytes]:
        """Return status, type and content for a path."""
        if path == "/metrics" and self._metrics is not None:
            try:
                return 200, CONTENT_TYPE, self._metrics.text()
            except Exception as problem:  # noqa: BLE001 - whatever is wrong, the monitor is to see it
                note_failure("metrics-failed", problem)
                return 503, "text/plain; charset=utf-8", f"{type(problem).__name__}\n".encode()
        status, value = self.answer(path)
        data = json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n"
        return status, "application/json; charset=utf-8", data

    def _readiness(self) -> tuple[int, Mapping[str, Any]]:
        # One after the other: however often somebody asks, the database is asked once at a time.
        if not self._one_at_a_time.acquire(timeout=_TIMEOUT_SECONDS):
            return 503, {
                "ready": False,
                "error": str(say("检查仍在进行，没有在 {n} 秒内答复", n=_TIMEOUT_SECONDS)),
            }
        try:
            checks = dict(self._ready())
        except Exception as problem:  # noqa: BLE001 - whatever is wrong, the answer is "not ready"
            note_failure("ready-failed", problem)
            return 503, {"ready": False, "error": f"{type(problem).__name__}: {problem}"}
        finally:
            self._one_at_a_time.release()
        ready = all(_holds(check) for check in checks.values())
        return (200 if ready else 503), {"ready": ready, "checks": checks}


def _holds(check: object) -> bool:
    if isinstance(check, Mapping):
        return bool(check.get("ok"))
    return bool(check)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that hangs up is not an event."""


def _handler(health: HealthServer) -> type[BaseHTTPRequestHandler]:
    class HealthRequestHandler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT_SECONDS
        server_version = "shuangsuiji"
        sys_version = ""

        def do_GET(self) -> None:
            self._reply(body=True)

        def do_HEAD(self) -> None:
            self._reply(body=False)

        def _reply(self, *, body: bool) -> None:
            status, kind, data = health.page(self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if body:
                self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Say nothing: a monitor that asks every few seconds is not an event."""

    return HealthRequestHandler
