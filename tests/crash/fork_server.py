"""Processes of ``ssj`` that are born with everything imported, so that a test can afford to kill many of them.

Run as a script it is the mother: for each line of JSON on its input it forks a child that runs ``ssj`` with the given
words, writes the child's process id, that it has ended, and, when told to bury it, how it ended. A child is a process like any other: it is
killed with SIGKILL, and whatever it had open or half written is gone.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.hung_run import HUNG

ROOT = Path(__file__).parents[2]


class ForkServer:
    """A mother process, as a context; one child lives at a time."""

    def __init__(self, papers: Path) -> None:
        papers.mkdir(parents=True, exist_ok=True)
        self._out, self._err = papers / "out", papers / "err"
        self._mother = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        )
        assert self._told() == "ready"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._mother.stdin is not None
        self._mother.stdin.close()
        self._mother.wait(HUNG)
        assert self._mother.stdout is not None
        self._mother.stdout.close()

    def live(self, *words: str | Path, seconds: float) -> tuple[int | None, str, str]:
        """Let a child run ``ssj`` for so long; return its exit code, None if it was killed, and what it wrote."""
        assert self._mother.stdin is not None
        order = {"words": [str(word) for word in words], "out": str(self._out), "err": str(self._err)}
        print(json.dumps(order), file=self._mother.stdin, flush=True)
        child = int(self._told())
        assert self._mother.stdout is not None
        ended, _, _ = select.select([self._mother.stdout], [], [], seconds)
        if not ended:
            # It has not been buried yet, so the id is this child's even if it has just ended by itself.
            os.kill(child, signal.SIGKILL)
        assert self._told() == "ended"
        print("bury", file=self._mother.stdin, flush=True)
        status = int(self._told())
        code = None if status == -signal.SIGKILL else status
        return code, self._out.read_text(encoding="utf-8"), self._err.read_text(encoding="utf-8")

    def _told(self) -> str:
        assert self._mother.stdout is not None
        return self._mother.stdout.readline().strip()


def _mother() -> None:
    import engine.cli.system.demo
    import engine.demo.set_up  # noqa: F401 - what a child would import first
    from engine.cli.main import main
    from tests.warm_process import warm

    warm()
    print("ready", flush=True)
    while line := sys.stdin.readline():
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            for number, name in ((1, "out"), (2, "err")):
                os.dup2(os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
            sys.argv = ["ssj", *order["words"]]
            code = 0
            try:
                main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        print(child, flush=True)
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
        print("ended", flush=True)
        sys.stdin.readline()
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    _mother()
