"""Printing: every encoding, closed pipes, full disks."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from engine.cli.console import Console, consoles, decoded, is_terminal, note_that_it_acts
from engine.cli.exits import DONE, ENVIRONMENT, REFUSED, CommandError, run_and_exit

TEXT = "示例𠮷野有限公司·示例䶮\x1b[31m\udcff"


class Full(io.RawIOBase):
    """A disk without room."""

    def __init__(self, problem: OSError) -> None:
        self.problem = problem

    def write(self, data: object) -> int:
        raise self.problem

    def writable(self) -> bool:
        return True


def stream(encoding: str) -> tuple[io.BytesIO, io.TextIOWrapper]:
    below = io.BytesIO()
    return below, io.TextIOWrapper(below, encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "gb18030", "ascii", "latin-1", "cp437"])
def test_every_encoding_gets_what_it_can_hold(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    below, wrapped = stream(encoding)
    monkeypatch.setattr(sys, "stdout", wrapped)
    with consoles():
        click.echo(TEXT, color=True)
        click.echo(b"\x00\xff", nl=False)
    shown, raw = below.getvalue().split(b"\n")
    assert raw == b"\x00\xff"
    assert "\\u001b[31m\\udcff" in shown.decode(encoding)
    assert ("示例" in shown.decode(encoding)) == (encoding in ("utf-8", "gbk", "gb18030"))
    assert ("𠮷" in shown.decode(encoding)) == (encoding in ("utf-8", "gb18030"))


def ended(command: click.Command, monkeypatch: pytest.MonkeyPatch, problem: OSError) -> tuple[int, str]:
    err, wrapped = stream("utf-8")
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(Full(problem)), encoding="utf-8"))
    monkeypatch.setattr(sys, "stderr", wrapped)
    with pytest.raises(SystemExit) as left:
        run_and_exit(command, [])
    wrapped.flush()
    assert isinstance(left.value.code, int)
    return left.value.code, err.getvalue().decode()


@click.command()
def listing() -> None:
    click.echo(TEXT)
    click.echo(TEXT)


@click.command()
def act() -> None:
    note_that_it_acts()
    click.echo(TEXT)


@click.command()
def refused() -> None:
    note_that_it_acts()
    click.echo(TEXT)
    raise CommandError("不行")


def test_nobody_reading_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = BrokenPipeError(32, "Broken pipe")
    assert ended(listing, monkeypatch, gone) == (DONE, "")
    assert ended(act, monkeypatch, gone) == (DONE, "")
    assert ended(refused, monkeypatch, gone) == (REFUSED, "不行\n")


def test_a_full_disk_is_told_and_changes_nothing_about_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(28, "No space left on device")
    code, err = ended(listing, monkeypatch, full)
    assert (code, err) == (ENVIRONMENT, "输出没有写完（No space left on device）\n")
    code, err = ended(act, monkeypatch, full)
    assert (code, err) == (DONE, "输出没有写完（No space left on device）；所办之事已按退出码办结\n")
    assert ended(refused, monkeypatch, full)[0] == REFUSED


def test_errors_that_cannot_be_written_change_no_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "stderr", io.TextIOWrapper(io.BufferedWriter(Full(BrokenPipeError(32, "x"))), encoding="utf-8")
    )
    with pytest.raises(SystemExit) as left:
        run_and_exit(refused, [])
    assert left.value.code == REFUSED


def test_without_streams_nothing_is_written_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as left:
        run_and_exit(listing, [])
    assert left.value.code == DONE


def test_a_console_is_a_stream() -> None:
    _, wrapped = stream("ascii")
    console = Console(wrapped)
    assert (console.encoding, console.errors, console.isatty(), console.writable()) == (
        "utf-8",
        "strict",
        False,
        True,
    )
    assert console.write("示例") == 2
    console.flush()
    text = Console(io.StringIO())
    assert text.buffer.write(b"\xff") == 1
    assert text.encoding == "utf-8"


def test_arguments_of_the_c_locale_are_utf_8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    typed = "示例".encode().decode("ascii", "surrogateescape")
    monkeypatch.setattr(os, "fsencode", lambda text: text.encode("ascii", "surrogateescape"))
    assert decoded([typed, "a", "\udcff\udcfe"]) == ["示例", "a", "\udcff\udcfe"]
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "utf-8")
    assert decoded([typed]) == [typed]


LOCALES: list[tuple[dict[str, str], str]] = [
    ({"PYTHONIOENCODING": "gbk"}, "gbk"),
    ({"PYTHONIOENCODING": "ascii"}, "ascii"),
    ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "ascii"),
    ({"LC_ALL": "C"}, "utf-8"),
    ({"PYTHONIOENCODING": "utf-16"}, "utf-16"),
]


@pytest.mark.parametrize(("environment", "encoding"), LOCALES, ids=str)
def test_a_process_prints_in_every_locale(environment: dict[str, str], encoding: str, tmp_path: Path) -> None:
    program = "import click\nfrom engine.cli.exits import run_and_exit\n"
    program += f"run_and_exit(click.Command('x', callback=lambda: click.echo({TEXT!a}, color=True)), [])"
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "LANG"))
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **environment},
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "\\u001b[31m\\udcff" in done.stdout.decode(encoding)


def test_nobody_is_at_a_closed_stream() -> None:
    assert not is_terminal(None)
    assert not is_terminal(io.StringIO())
