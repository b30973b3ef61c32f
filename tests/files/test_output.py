"""Outputs are made new: not over a file, not through a link, not where the caller of sudo could not write."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.files import output
from engine.files.output import (
    OutputExistsError,
    create_file,
    create_files,
    place_new,
    require_new,
    require_new_folder,
)


def link(place: Path) -> Path:
    (place / "theirs").write_bytes(b"theirs")
    (place / "link").symlink_to(place / "theirs")
    return place / "link"


def dangling(place: Path) -> Path:
    (place / "link").symlink_to(place / "theirs")
    return place / "link"


def present(place: Path) -> Path:
    (place / "theirs").write_bytes(b"theirs")
    return place / "theirs"


@pytest.mark.parametrize("stands", [link, dangling, present])
@pytest.mark.parametrize("checked", [True, False])
def test_what_stands_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stands: Callable[[Path], Path], checked: bool
) -> None:
    path = stands(tmp_path)
    before = {one: one.read_bytes() for one in tmp_path.iterdir() if one.exists()}
    (finished := tmp_path / "finished").write_bytes(b"ours")
    if not checked:
        # Made between the look and the writing.
        monkeypatch.setattr(output, "require_new", lambda _: None)
    for write in (lambda: create_file(path, b"ours"), lambda: place_new(finished, path)):
        with pytest.raises(OutputExistsError, match="已经存在"):
            write()
    finished.unlink()
    assert {one: one.read_bytes() for one in tmp_path.iterdir() if one.exists()} == before


def test_a_new_file_is_written_and_half_a_file_is_not_left(tmp_path: Path) -> None:
    create_file(tmp_path / "new", b"ours")
    assert (tmp_path / "new").read_bytes() == b"ours"
    with pytest.raises(TypeError):
        create_file(tmp_path / "half", "text")  # type: ignore[arg-type] # what fails while it is written
    assert not (tmp_path / "half").exists()
    place_new(tmp_path / "new", tmp_path / "placed")
    assert [one.name for one in tmp_path.iterdir()] == ["placed"]


def test_a_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    create_file(tmp_path / "new", b"ours")
    place_new(tmp_path / "new", tmp_path / "placed")
    assert (tmp_path / "placed").read_bytes() == b"ours"


def test_folders(tmp_path: Path) -> None:
    create_files(tmp_path / "kit", {"a": b"1", "b": b"2"})
    with pytest.raises(OutputExistsError, match="不是空目录"):
        create_files(tmp_path / "kit", {"c": b"3"})
    create_files(tmp_path / "kit", {"c": b"3"}, empty=False)
    with pytest.raises(OutputExistsError, match="已经存在"):
        create_files(tmp_path / "kit", {"c": b"4"}, empty=False)
    assert (tmp_path / "kit" / "c").read_bytes() == b"3"
    (tmp_path / "link").symlink_to(tmp_path / "kit")
    with pytest.raises(OutputExistsError, match="符号链接"):
        require_new_folder(tmp_path / "link", empty=False)
    with pytest.raises(OutputExistsError, match="不是空目录"):
        require_new_folder(tmp_path / "kit" / "a")


def test_the_caller_of_sudo_writes_where_they_could_write_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(output.CALLER_USER, "54321")
    monkeypatch.setenv(output.CALLER_GROUP, "54321")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o755)
    with pytest.raises(OutputExistsError, match="sudo"):
        require_new(closed / "file")
    with pytest.raises(OutputExistsError, match="sudo"):
        require_new_folder(closed / "below" / "kit")
    monkeypatch.setattr(output, "_granted", lambda seen, *_: 0o7 if seen.st_uid == os.geteuid() else 0o1)
    require_new(closed / "file")
    for own in ("", "0", str(os.geteuid()), "nobody"):
        monkeypatch.undo()
        monkeypatch.setenv(output.CALLER_USER, own)
        require_new(closed / "file")


def test_what_a_mode_grants(tmp_path: Path) -> None:
    tmp_path.chmod(0o751)
    seen = tmp_path.stat()
    assert output._granted(seen, seen.st_uid, set()) == 0o7
    assert output._granted(seen, seen.st_uid + 1, {seen.st_gid}) == 0o5
    assert output._granted(seen, seen.st_uid + 1, set()) == 0o1
