"""Every command that takes a path to write to: what stands there is left alone, and nothing is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from command_fixtures import ssj

from engine.cli.exits import CommandError
from engine.cli.main import cli
from engine.cli.new_file import require_new, require_new_folder, write_new, write_new_folder

#: Command and parameter -> its words, PATH where the path goes. What is not here takes no path to write to.
WRITES = {
    "archive pack-year/folder": "archive pack-year inspection 2024 PATH --as archivist",
    "document save-year/folder": "document save-year inspection 2024 PATH --as archivist",
    "archive pack/file": "archive pack batch-1 PATH --as leading",
    "audit head/file": "audit head --program PATH --as leading",
    "audit heads/folder": "audit heads --out PATH --as leading",
    "audit root/file": "audit root --export PATH --as leading",
    "backup/file": "backup PATH --as leading",
    "case kit/file": "case kit batch-1 PATH --as leading",
    "case save-file/file": "case save-file batch-1/F1 PATH --as leading",
    "document preview/file": "document preview notice PATH",
    "document render/file": "document render batch-1 record PATH --as leading",
    "document save/file": "document save batch-1/1 PATH --as leading",
    "form print/file": "form print notice PATH",
    "draw anchor/out": "draw anchor batch-1 --export PATH --as leading",
    "draw kit/directory": "draw kit batch-1 PATH --as leading",
    "draw minutes/directory": "draw minutes batch-1 --out PATH --as leading",
    "draw run/directory": "draw run batch-1 --ceremony --witness witness --out PATH --as leading",
    "draw shares/folder": "draw shares 甲 乙 --threshold 2 --out PATH",
    "draw trial/directory": "draw trial batch-1 --kit PATH --as leading",
    "exchange export/file": "exchange export objects PATH --as leading",
    "exchange fill/file": "exchange fill FILE PATH --as leading",
    "form import/out": "form import FILE --out PATH",
    "register import/skipped": "register import objects FILE --skip-bad --skipped PATH --as leading",
    "task calendar/file": "task calendar --output PATH --as leading",
    "task week/file": "task week --section labour_inspection --html PATH --as leading",
    "workflow explore/save": "workflow explore FILE --save PATH",
    "workflow export/folder": "workflow export PATH --as leading",
}
#: Parameters that are named like paths and are only read, or name a deployment or a database of their own.
OTHERWISE = {
    "init/directory": "made by set_up, which takes an empty folder only",
    "demo/directory": "made by set_up",
    "restore/directory": "restored beside and renamed; an existing deployment is asked for by --replace",
    "draw verify/directory": "read",
    "case kit-import/file": "read",
    "form import/file": "read",
    "migrate-store/target": "a database",
}


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Parameter]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                assert found is not None
                yield from walk(f"{name} {below}".strip(), found)
            return
        for parameter in command.params:
            yield f"{name}/{parameter.name}", parameter

    yield from walk("", cli)


def test_every_path_a_command_takes_is_known() -> None:
    found = set()
    for name, parameter in parameters():
        kind = parameter.type
        path = isinstance(kind, click.Path) and not kind.exists
        named = getattr(parameter, "metavar", None) in ("FILE", "DIR") and not isinstance(kind, click.Path)
        written = any(word in (parameter.opts or []) for word in ("--output", "--html", "--export", "--out"))
        if path or (named and written):
            found.add(name)
    unknown = found - set(WRITES) - set(OTHERWISE)
    # Files with a password are read.
    assert unknown <= {"user password/file", "user recover/file"}
    assert set(WRITES) <= found


@pytest.mark.parametrize("name", sorted(WRITES))
def test_what_stands_there_is_left_alone(home: Path, tmp_path: Path, name: str) -> None:
    (theirs := tmp_path / "theirs").mkdir()
    (theirs / "kept").write_bytes(b"theirs")
    folder = name.endswith("/directory")
    (standing := tmp_path / "standing").symlink_to(theirs if folder else theirs / "kept")
    (broken := tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (given := tmp_path / "given.csv").write_text("统一社会信用代码\n1\n", encoding="utf-8")
    for path in (standing, broken, *(() if folder else (theirs / "kept",))):
        words = [
            str(path) if word == "PATH" else str(given) if word == "FILE" else word
            for word in WRITES[name].split()
        ]
        assert ssj(*words, home=home).code != 0
        assert not (tmp_path / "nowhere").exists()
        assert [one.read_bytes() for one in theirs.iterdir()] == [b"theirs"]


def test_the_helpers_end_the_command(tmp_path: Path) -> None:
    require_new(None)
    require_new_folder(None)
    write_new(tmp_path / "file", b"ours")
    write_new_folder(tmp_path / "folder", {"file": b"ours"})
    for again in (
        lambda: require_new(tmp_path / "file"),
        lambda: write_new(tmp_path / "file", b"other"),
        lambda: require_new_folder(tmp_path / "folder"),
        lambda: write_new_folder(tmp_path / "folder", {"other": b""}),
        lambda: write_new_folder(tmp_path / "folder", {"file": b""}, empty=False),
    ):
        with pytest.raises(CommandError) as ended:
            again()
        assert ended.value.code == 2
