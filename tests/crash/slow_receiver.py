"""A receiver of messages that keeps some of its senders waiting, and remembers what came from whom."""

from __future__ import annotations

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class SlowReceiver:
    """Takes messages at ``http://127.0.0.1:PORT/SENDER``, as a context. Each sender is known by its path."""

    def __init__(self) -> None:
        #: How often each message came, by its Idempotency-Key.
        self.came: Counter[str] = Counter()
        #: Of each sender how many messages came.
        self.of_sender: Counter[str] = Counter()
        #: Seconds a sender waits for its answer.
        self.seconds: dict[str, float] = {}
        self._counting = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, sender: str) -> str:
        """Return the address a sender posts to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{sender}"

    def take(self, sender: str, key: str) -> None:
        """Note a message, and let its sender wait."""
        with self._counting:
            self.came[key] += 1
            self.of_sender[sender] += 1
        time.sleep(self.seconds.get(sender, 0))


def _handler(receiver: SlowReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            receiver.take(self.path.strip("/"), self.headers["Idempotency-Key"])
            try:
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            except OSError:
                pass  # the sender is gone

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    return Handler
