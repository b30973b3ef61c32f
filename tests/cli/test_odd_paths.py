"""Every command that reads a path it is given, where no ordinary file is: each ends with a sentence, within its budget."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_fixtures import ssj
from path_parameters import WRITES, parameters

from tests.hung_run import until

#: Command and parameter -> its words: PATH where the path goes, GIVEN a list of objects, PROMISE a commitment of a draw.
READS = {
    "archive verify/file": "archive verify PATH",
    "audit check/file": "audit check PATH",
    "audit verify/published": "audit verify --published PATH --as leading",
    "audit verify/since": "audit verify --since PATH --as leading",
    "calendar import/file": "calendar import PATH --as leading",
    "case attach/file": "case attach batch-1 PATH 扫描件 --as leading",
    "case kit-import/file": "case kit-import PATH --as leading",
    "case start/form": "case start batch --title 示例 --form PATH --as leading",
    "demo/objects": "demo FOLDER --objects PATH",
    "draw anchor/ca": "draw anchor batch-1 --import GIVEN --ca PATH --as leading",
    "draw anchor/proof": "draw anchor batch-1 --import PATH --as leading",
    "draw commit/form": "draw commit batch-1 --form PATH --as leading",
    "draw replace/form": "draw replace batch-1 --form PATH --as leading",
    "draw reveal/form": "draw reveal batch-1 --form PATH --as leading",
    "draw run/form": "draw run batch-1 --form PATH --as leading",
    "draw select/commitment": "draw select PATH GIVEN --entropy x",
    "draw select/roster": "draw select PROMISE PATH --entropy x",
    "draw sign-head/head": "draw sign-head PATH --party 甲 --key KEY",
    "draw sign-head/previous": "draw sign-head GIVEN --party 甲 --key KEY --previous PATH",
    "draw sign-head/secret": "draw sign-head GIVEN --party 甲 --key PATH",
    "draw tickets/labels": "draw tickets --entropy x --labels PATH",
    "draw verify/what": "draw verify PATH",
    "draw void/form": "draw void batch-1 --form PATH --as leading",
    "exchange check/file": "exchange check objects PATH --as leading",
    "exchange fill/template": "exchange fill PATH FOLDER --as leading",
    "exchange import/file": "exchange import objects PATH --as leading",
    "exchange new/example": "exchange new PATH",
    "form check/paths": "form check PATH",
    "form import/file": "form import PATH",
    "register import/confirmations": "register import objects GIVEN --confirmations PATH --as leading",
    "register import/file": "register import objects PATH --as leading",
    "register import/profile": "register import objects GIVEN --profile PATH --as leading",
    "restore/file": "restore PATH FOLDER",
    "restore/identity": "restore SEALED FOLDER --identity PATH",
    "serve/certificate": "serve --certificate PATH --key KEY",
    "serve/key": "serve --certificate GIVEN --key PATH",
    "task advance/form": "task advance batch-1 submit --form PATH --as leading",
    "task draft save/form": "task draft save batch-1 submit --form PATH --as leading",
    "user password/file": "user password leading --file PATH --as leading",
    "user recover/file": "user recover leading --file PATH",
    "web/certificate": "web --certificate PATH --key KEY",
    "web/key": "web --certificate GIVEN --key PATH",
    "workflow check/paths": "workflow check PATH",
    "workflow diagram/path": "workflow diagram PATH",
    "workflow diff/new": "workflow diff GIVEN PATH",
    "workflow diff/old": "workflow diff PATH GIVEN",
    "workflow explain/path": "workflow explain DEF101 --path PATH",
    "workflow explore/path": "workflow explore PATH",
    "workflow fmt/paths": "workflow fmt PATH",
    "workflow migrate/map_file": "workflow migrate batch --map PATH --as leading",
    "workflow new/folder": "workflow new PATH name",
    "workflow publish/folder": "workflow publish --from PATH --as leading",
    "workflow replay/map_file": "workflow replay batch --year 2024 --map PATH --as leading",
    "workflow simulate/against": "workflow simulate GIVEN --against PATH",
    "workflow simulate/path": "workflow simulate PATH",
    "workflow test/path": "workflow test PATH",
}
#: Where a folder is what is wanted, and nothing in it ends well or ends with a finding.
FOLDERS = {name for name in READS if name.startswith(("workflow", "form check", "draw verify"))}
#: The largest that is read as a whole has 200 MB, and is held once as bytes and once as text.
MOST_MEMORY = 700_000_000
#: Of the processor: 200 MB without end are read and looked at in a second or two.
SECONDS = 30


def test_every_path_a_command_reads_is_tried() -> None:
    found = set()
    for name, parameter in parameters():
        kind = parameter.type
        named = str(getattr(parameter, "metavar", None)) in ("FILE", "DIR", "PATH...", "BATCH|DIR", "PEM")
        if isinstance(kind, click.Path | click.File) or named:
            found.add(name)
    written = set(WRITES) | {"init/directory", "demo/directory", "restore/directory"}
    assert found - written == set(READS) - {"audit verify/since"}


@pytest.fixture
def places(tmp_path: Path) -> Iterator[dict[str, Path]]:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as one:
        one.bind(os.path.relpath(tmp_path / "socket"))
        yield {
            "zeros": Path("/dev/zero"),
            "of a process": Path("/proc/self/mem"),
            "measured as nothing": Path("/proc/self/status"),
            **{name: tmp_path / name for name in ("pipe", "folder", "nowhere", "itself", "socket")},
        }


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="devices and files of processes of Linux")
@pytest.mark.parametrize("name", sorted(READS))
def test_what_is_no_ordinary_file_ends_in_a_sentence(
    name: str, home: Path, tmp_path: Path, places: dict[str, Path]
) -> None:
    (given := tmp_path / "given.csv").write_text("统一社会信用代码\n1\n", encoding="utf-8")
    (key := tmp_path / "key").write_text("ab" * 32, encoding="ascii")
    key.chmod(0o600)
    (sealed := tmp_path / "sealed").write_bytes(b"age-encryption.org/v1\n")
    words = {"GIVEN": given, "KEY": key, "SEALED": sealed, "PROMISE": given, "FOLDER": tmp_path / "new"}
    for place, path in places.items():
        command = [str({**words, "PATH": path}.get(word, word)) for word in READS[name].split()]
        code, said, memory = run_aside(command, home, tmp_path / "said")
        what = f"{name} {place}: {code} {said}"
        if not (place in ("folder", "measured as nothing") and name in FOLDERS):
            assert code in (1, 2, 3), what
            assert said.strip(), what
        assert "程序内部出错" not in said, what
        assert memory < MOST_MEMORY, what


def run_aside(words: list[str], home: Path, file: Path) -> tuple[int, str, int]:
    """Run a command in a process of its own; returns its exit code, what it said for people, and its memory."""
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        answer = ssj(*words, home=home)
        file.write_text(f"{answer.code}\n{answer.out}{answer.err}", encoding="utf-8")
        os._exit(0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ended: list[tuple[int, int]] = []

    def is_over() -> bool:
        pid, status, used = os.wait4(child, os.WNOHANG)
        if pid:
            ended.append((os.waitstatus_to_exitcode(status), used.ru_maxrss))
        return bool(pid)

    until(is_over, lambda: f"{words} does not end")
    ((code, most),) = ended
    if code:
        return code, "", 0
    said_code, said = file.read_text("utf-8").split("\n", 1)
    return int(said_code), said, max(0, most - before) * 1024
