"""A small HTTP server on loopback that keeps what it is sent and answers as it is asked to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.hung_run import HUNG


@dataclass
class Receiver:
    #: path -> status, headers, body; None hangs until the end.
    answer: Callable[[str], tuple[int, dict[str, str], bytes] | None] = lambda path: (200, {}, b"{}")
    got: list[tuple[str, Message, bytes]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def receiver(how: Receiver) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            how.got.append((self.path, self.headers, body))
            if (answer := how.answer(self.path)) is None:
                how.over.wait(HUNG)
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self) -> None:
            how.got.append((self.path, self.headers, b""))

        def log_message(self, *args: object) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            how.over.set()
            server.shutdown()
            thread.join()
