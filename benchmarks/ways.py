"""Ways of workers to a PostgreSQL, each of which can be cut: a network namespace for each worker, else loopback.

A worker in its namespace reaches the server by a pair of virtual interfaces and nothing else. Cutting takes the pair
down: what was sent is lost, and neither side is told, as when a cable is pulled. Where no namespace may be made (that
needs root and ``ip``) the way is a socket on loopback, and cutting closes it.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

#: The name PostgreSQL gives its socket.
_SOCKET = ".s.PGSQL.5432"
#: The kind of namespace `setns` is asked for.
_NETWORK = 0x40000000
#: Where ``ip`` keeps namespaces; what ours are called, by the process that made them.
_NAMESPACES, _OURS = Path("/run/netns"), re.compile(r"ssj(\d+)x\d+")
#: Addresses that are kept for tests of networks (RFC 2544): each way has four of its own.
_ADDRESS = "198.18.{number}.{end}"


def _ip(*words: str) -> bool:
    """Run ``ip``; return whether it did what it was told."""
    program = shutil.which("ip")
    if program is None:
        return False
    return subprocess.run([program, *words], capture_output=True, check=False).returncode == 0


def left_over(names: Sequence[str], alive: Callable[[int], bool]) -> list[str]:
    """Return which of the namespaces were made by a process that is gone, and so could not take them away."""
    found = ((name, _OURS.fullmatch(name)) for name in names)
    return [name for name, match in found if match is not None and not alive(int(match[1]))]


def _clean_up() -> None:
    """Take away what a run that was cut off has left: its addresses are those of the next run."""
    names = [path.name for path in _NAMESPACES.iterdir()] if _NAMESPACES.is_dir() else []
    # One of our own number was made by an earlier process of that number: this one has begun none yet.
    for name in left_over(names, lambda pid: pid != os.getpid() and Path(f"/proc/{pid}").exists()):
        # A process of that run that is still in there would keep the pair of interfaces.
        _ip("link", "del", f"o{name}")
        _ip("netns", "del", name)


def enter(namespace: str | None) -> None:
    """Let this process see one namespace and no other network. To be called before it has threads."""
    if namespace is None:
        return
    with (_NAMESPACES / namespace).open("rb") as there:
        if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), _NETWORK) != 0:
            raise OSError(ctypes.get_errno(), namespace)


class Way:
    """The way of one worker to the server; what comes is carried on to the socket of the server."""

    def __init__(self, url: str, number: int) -> None:
        self._there = str(Path(str(make_url(url).query["host"])) / _SOCKET)
        name = f"ssj{os.getpid()}x{number}"
        self._outside, inside = f"o{name}", f"i{name}"
        here, there = (_ADDRESS.format(number=number, end=end) for end in (1, 2))
        made = _ip("netns", "add", name) and all(
            (
                _ip("link", "add", self._outside, "type", "veth", "peer", "name", inside, "netns", name),
                _ip("addr", "add", f"{here}/30", "dev", self._outside),
                _ip("link", "set", self._outside, "up"),
                _ip("-n", name, "addr", "add", f"{there}/30", "dev", inside),
                _ip("-n", name, "link", "set", inside, "up"),
            )
        )
        if not made:
            _ip("netns", "del", name)
        #: The namespace the worker is to enter; None: it stays where it is.
        self.namespace: str | None = name if made else None
        self._joined = threading.Event()
        self._joined.set()
        self._both: list[socket.socket] = []
        self._listening = socket.create_server((here if made else "127.0.0.1", 0))
        host, port = self._listening.getsockname()
        self.url = make_url(url).set(host=host, port=port, query={}).render_as_string(hide_password=False)
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more, and nobody in."""
        self._joined.clear()
        if self.namespace is not None:
            _ip("link", "set", self._outside, "down")
            return
        for one in self._both:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def join(self) -> None:
        """Let everything through again."""
        if self.namespace is not None:
            _ip("link", "set", self._outside, "up")
        self._joined.set()

    def close(self) -> None:
        """Take it away."""
        self._joined.clear()
        self._listening.close()
        for one in self._both:
            one.close()
        if self.namespace is not None:
            # Its interfaces go with it.
            _ip("netns", "del", self.namespace)

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._listening.accept()
            except OSError:
                return
            if not self._joined.is_set():
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX)
            there.connect(self._there)
            here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._both += (here, there)
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while found := one.recv(65536):
                other.sendall(found)
        with suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def ways(url: str, count: int) -> Iterator[Sequence[Way]]:
    """Yield so many ways to a server; they are gone with the block. One block at a time."""
    _clean_up()
    with ExitStack() as stack:
        made = []
        for number in range(count):
            made.append(Way(url, number))
            stack.callback(made[-1].close)
        yield made
