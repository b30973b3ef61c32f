"""Every command that takes a path to write to: what stands there is left alone, and nothing is read for it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from command_fixtures import ssj
from path_parameters import WRITES, parameters

from engine.cli.exits import CommandError
from engine.cli.new_file import require_new, require_new_folder, write_new, write_new_folder

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
