"""Replays scenes: one process imports the product and forks for every command, on a clock and a chance that are set.

Each command has a process, streams, environment and current folder of its own, as at a terminal. What comes out is
normalised in one way for all commands: the absolute path of the temporary folder becomes ``…``; and what a command
names in `mask`, because it belongs to the machine, becomes ``*``.

Run as a program it reads the names of scenes and a folder, and writes the outcomes as JSON to standard output.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

from scenes import Command, begins_after, begins_with, in_order, read_scene
from warm_process import warm

HOME = "bureau"
PLACE = "…"
_TEXT = {
    ".html",
    ".json",
    ".jsonl",
    ".txt",
    ".csv",
    ".tsv",
    ".yaml",
    ".ics",
    ".xml",
    ".md",
    ".py",
    ".sha256",
    ".css",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command answered: exit code, both streams, and the SHA-256 of each file it was to write."""

    code: int
    out: str
    err: str
    files: dict[str, str]


def replay(scenes: Sequence[str], folder: Path) -> dict[str, Outcome]:
    """Run all commands of `scenes` below `folder`; returns id -> outcome."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSJ_")}
    environment["PYTHONUTF8"] = "1"
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, __file__, str(folder), *scenes],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {name: Outcome(**body) for name, body in json.loads(done.stdout).items()}


def _serve(folder: Path, scenes: Sequence[str]) -> None:
    import product

    product.import_everything()
    warm()
    found = {}
    ordered = in_order(scenes)
    for scene in ordered:
        place = folder / scene
        place.mkdir(parents=True, exist_ok=True)
        if (package := begins_with(scene)) is not None:
            with zipfile.ZipFile(package) as packed:
                packed.extractall(place)
        for command in read_scene(scene):
            found[command.id] = asdict(_outcome(command, place.resolve()))
            for later in (one for one in ordered if begins_after(one) == command.id):
                shutil.copytree(place, folder / later)
    json.dump(found, sys.stdout, ensure_ascii=False)


def _outcome(command: Command, place: Path) -> Outcome:
    streams = place.with_name(f"{place.name}.streams")
    streams.mkdir(exist_ok=True)
    for name, text in command.files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600 if name.endswith(".secret") else 0o644)
    (streams / "in").write_text(command.stdin, encoding="utf-8")
    child = os.fork()
    if child == 0:
        _obey(command, place, streams)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    out, err = (_normal((streams / name).read_bytes(), command, place) for name in ("out", "err"))
    files = {name: digest for written in command.writes for name, digest in _digests(place, written, command)}
    return Outcome(code, out.decode(), err.decode(), files)


def _obey(command: Command, place: Path, streams: Path) -> None:
    """Run one command in this process, and end it."""
    code: object = 1
    try:
        for number, name, flags in ((0, "in", os.O_RDONLY), (1, "out", _WRITE), (2, "err", _WRITE)):
            os.dup2(os.open(streams / name, flags, 0o600), number)
        os.chdir(place)
        os.umask(0o022)
        os.environ.update({"SSJ_HOME": HOME, "COLUMNS": "100", "LINES": "40", **command.environment})
        _fix(command)
        code = _run(command, place)
    except SystemExit as done:
        code = done.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _run(command: Command, place: Path) -> int:
    import product

    if command.daemon:
        sys.stdout.write(product.daemon_round(place / HOME))
        return 0
    with product.earlier_version() if command.earlier_version else nullcontext():
        product.main()(list(command.argv))
    return 0


def _fix(command: Command) -> None:
    """Set the clock, and everything a process takes from the machine that could show in what it says."""
    import random

    import product

    chance = _Chance(command.id)
    # The generator behind `secrets` asks by its own name.
    os.urandom = random._urandom = chance.bytes  # type: ignore[attr-defined]
    os.getpid = lambda: 4242
    socket.gethostname = lambda: "example"
    product.set_clock(command.now)
    product.set_program()


class _Chance:
    """Bytes that look random and are the same for the same command."""

    def __init__(self, seed: str) -> None:
        self._seed, self._asked = seed, 0

    def bytes(self, count: int) -> bytes:
        self._asked += 1
        return hashlib.shake_256(f"{self._seed} {self._asked}".encode()).digest(count)


def _normal(data: bytes, command: Command, place: Path) -> bytes:
    text = data.replace(str(place).encode(), PLACE.encode())
    for pattern in command.mask:
        text = re.sub(pattern.encode(), _star, text)
    return text


def _star(found: re.Match[bytes]) -> bytes:
    whole = found[0]
    if not found.re.groups:
        return b"*"
    start, end = (edge - found.start() for edge in found.span(1))
    return whole[:start] + b"*" + whole[end:]


def _digests(place: Path, written: str, command: Command) -> Iterator[tuple[str, str]]:
    path = place / written
    if path.is_dir():
        for file in sorted(inner for inner in path.rglob("*") if inner.is_file()):
            yield file.relative_to(place).as_posix(), _digest(file, command, place)
    else:
        yield written, _digest(path, command, place) if path.exists() else "none"


def _digest(file: Path, command: Command, place: Path) -> str:
    """Return the SHA-256 of a file; of a zip, of its members, since how they are packed is the library's affair."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as package:
            members = [(name, hashlib.sha256(package.read(name)).hexdigest()) for name in package.namelist()]
        return "zip " + hashlib.sha256(json.dumps(members).encode()).hexdigest()
    data = file.read_bytes()
    return hashlib.sha256(_normal(data, command, place) if file.suffix in _TEXT else data).hexdigest()


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), sys.argv[2:])
