"""A person at a terminal of the kernel's: a program is started at one, keys are pressed, what it shows is read."""

from __future__ import annotations

import codecs
import os
import select
import subprocess
import sys
import termios
from collections.abc import Sequence
from pathlib import Path
from typing import Self

#: Before and after what is pasted, as terminals put it where the program has asked for it.
PASTED, PASTED_END = "\x1b[200~", "\x1b[201~"
END, UP, ENTER = "\x04", "\x1b[A", "\r"
#: With this a question asks that what is pasted be marked: it takes keys now.
TAKES_KEYS = "\x1b[?2004h"


class Terminal:
    """A program with a terminal for standard input and standard error, or for one of them; standard output is a pipe."""

    def __init__(
        self, words: Sequence[object], *, folder: Path | None = None, screen: bool = True, term: str = "xterm"
    ) -> None:
        self._side, program = os.openpty()
        # So wide that no line is broken: what is shown is looked for as it stands.
        termios.tcsetwinsize(program, (60, 500))
        self._process = subprocess.Popen(
            [sys.executable, *map(str, words)],
            stdin=program,
            stdout=subprocess.PIPE,
            stderr=program if screen else subprocess.PIPE,
            cwd=folder,
            env={
                **os.environ,
                "TERM": term,
                "LANG": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            start_new_session=True,
        )
        os.close(program)
        os.set_blocking(self._side, False)
        #: What was shown and not waited for.
        self.shown = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._side)
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def waits(self, mark: str) -> str:
        """Read until `mark` is shown, which a question shows once it takes keys; return what came before it and it."""
        while mark not in self.shown:
            part = self._read()
            assert part, f"{mark!r} was not shown: {self.shown[-2000:]}"
        before, found, self.shown = self.shown.partition(mark)
        return before + found

    def press(self, keys: str | bytes) -> None:
        """Press keys; meanwhile what is shown is read, else both sides would wait for each other."""
        left = keys if isinstance(keys, bytes) else keys.encode()
        while left:
            shows, takes, _ = select.select([self._side], [self._side], [])
            if shows and not self._read():
                raise AssertionError(f"the program has ended: {self.shown[-2000:]}")
            if takes:
                left = left[os.write(self._side, left[:256]) :]

    def paste(self, text: str) -> None:
        """Paste a text as terminals do that mark what is pasted."""
        self.press(PASTED + text.replace("\n", "\r") + PASTED_END)

    def ended(self) -> tuple[int, str, str]:
        """Wait until the program ends; return its code, its standard output, and what it had shown at last."""
        while self._read():
            continue
        out, err = self._process.communicate()
        return self._process.returncode, out.decode(), self.shown + (err or b"").decode()

    def _read(self) -> str:
        select.select([self._side], [], [])
        try:
            part = os.read(self._side, 65_536)
        except OSError:
            # The program has closed its side.
            return ""
        text = self._decoder.decode(part)
        self.shown += text
        # Half of a character is no end.
        return text or "\0"
