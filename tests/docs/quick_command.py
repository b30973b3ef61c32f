"""An ``ssj`` that starts at once: a process with the program already imported forks for every command.

Each command still has a process, arguments, environment, folder and streams of its own, and ends with its own exit
code; only the imports, and what every command works out first, are done once: they are most of the time a short command
takes. `stand_in` is a folder for a PATH.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_SHIM = """\
#!{python} -IS
import json, os, socket, sys
line = socket.socket(socket.AF_UNIX)
line.connect({address!r})
order = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(line, [len(order).to_bytes(4, "big")], [0, 1, 2])
line.sendall(order)
sys.exit(line.recv(1)[0])
"""


@cache
def stand_in() -> Path:
    """Return the folder that holds the executable ``ssj``, which serves commands for as long as this process lives."""
    folder = Path(tempfile.mkdtemp(prefix="ssj-"))
    address = str(folder / "s")
    # Its standard input ends when whoever started it is gone, however that came about; then it ends too.
    server = subprocess.Popen(
        [sys.executable, __file__, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(server.communicate)
    assert server.stdout is not None
    server.stdout.readline()
    shim = folder / "ssj"
    shim.write_text(_SHIM.format(python=sys.executable, address=address), encoding="utf-8")
    shim.chmod(0o755)
    # What a page says of `faketime` (libfaketime): the clock of the command that follows goes on by so many days.
    faketime = folder / "faketime"
    faketime.write_text(
        '#!/bin/sh\n[ "$1" = -f ] && shift\nDAYS_LATER="$1"\nshift\nexport DAYS_LATER\nexec "$@"\n'
    )
    faketime.chmod(0o755)
    return folder


def _serve(address: str) -> None:
    from warm_process import warm

    warm()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        os.write(1, b"ready\n")
        watched: list[socket.socket | int] = [listening, 0]
        while listening in select.select(watched, [], [])[0]:
            line, _ = listening.accept()
            with line:
                head, streams, _, _ = socket.recv_fds(line, 4, 3)
                order = bytearray()
                while len(order) < int.from_bytes(head, "big"):
                    order += line.recv(65536)
                child = os.fork()
                if child == 0:
                    listening.close()
                    _obey(json.loads(order), streams)
                for stream in streams:
                    os.close(stream)
                _, status = os.waitpid(child, 0)
                line.sendall(bytes([os.waitstatus_to_exitcode(status) & 255]))
    shutil.rmtree(Path(address).parent)


def _go_on(days: int) -> None:
    """Let the clock of the machine, as the product asks it, stand so many days later."""
    from datetime import UTC, datetime, timedelta

    from engine.deployment.clocks import SystemClock

    SystemClock.now = lambda self: datetime.now(UTC) + timedelta(days=days)  # type: ignore[method-assign]


def _obey(order: tuple[list[str], str, dict[str, str]], streams: list[int]) -> None:
    from engine.cli.main import main

    arguments, folder, environment = order
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if later := environment.get("DAYS_LATER"):
        _go_on(int(later.strip("+d")))
    code: object = 1
    try:
        main(arguments)
    except SystemExit as done:
        code = done.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    _serve(sys.argv[1])
