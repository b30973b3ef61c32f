"""The workbench served by uvicorn, in a thread beside the daemon or alone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.files.reading import read_file
from engine.kernel.budget import CERTIFICATES, BudgetExceededError
from engine.language import Message, say
from engine.web.missing import require_web

if TYPE_CHECKING:
    from pathlib import Path

    from uvicorn import Config, Server

    from engine.web.workbench import Workbench

#: How long the thread that serves may take to end what is in hand, in seconds; nothing is decided by it.
_STOP_SECONDS = 10


class PortTakenError(Exception):
    """The port cannot be had; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class CertificateError(Exception):
    """The two files of https cannot serve; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


@dataclass(frozen=True, slots=True)
class Certificate:
    """The two files of https."""

    certificate: Path
    key: Path


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 takes a free one. Raises PortTakenError."""
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        # From now on connections wait, until the server takes them.
        made.listen(128)
    except OSError as problem:
        made.close()
        raise PortTakenError(
            say(
                "端口 {port} 不能使用：{problem}；请换一个端口，或停掉占用它的程序",
                port=port,
                problem=problem.strerror,
            )
        ) from None
    return made


def make_server(workbench: Workbench, certificate: Certificate | None = None) -> Server:
    """Return the server of a deployment, not yet started. Raises WebMissingError, CertificateError."""
    require_web()
    import uvicorn

    from engine.web.asgi import make_app

    config = uvicorn.Config(
        make_app(workbench),
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="on",
        timeout_graceful_shutdown=_STOP_SECONDS,
        ssl_certfile=str(certificate.certificate) if certificate else None,
        ssl_keyfile=str(certificate.key) if certificate else None,
    )
    if certificate is not None:
        _load(config, certificate)
    return uvicorn.Server(config)


def _load(config: Config, certificate: Certificate) -> None:
    """Read the two files now: in the thread of the server a refusal would leave a command that waits and serves nothing."""
    try:
        for file in (certificate.certificate, certificate.key):
            read_file(file, CERTIFICATES)
        config.load()
    except (OSError, BudgetExceededError) as problem:
        why = (problem.strerror if isinstance(problem, OSError) else None) or str(problem)
        raise CertificateError(
            say(
                "https 的证书“{certificate}”和密钥“{key}”不能用：{why}",
                certificate=certificate.certificate,
                key=certificate.key,
                why=why,
            )
        ) from None


@contextmanager
def served(server: Server, listening: socket.socket) -> Iterator[None]:
    """Serve in a thread of its own until the block ends."""
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="workbench", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(_STOP_SECONDS)
        listening.close()
