from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.site import atomic_replace as module
from engine.site.atomic_replace import exchange, new_folder, put_files


def read(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def replaced(out: Path, files: Mapping[str, bytes]) -> int:
    with new_folder(out) as folder:
        return put_files(folder, files)


SITES = st.dictionaries(
    st.sampled_from(["index.html", "a/b.html", "a/c.html", "d/e/f.json", "g.csv"]), st.binary(max_size=3)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(before=SITES, after=SITES)
def test_a_folder_holds_exactly_what_it_should(
    before: dict[str, bytes], after: dict[str, bytes], tmp_path: Path
) -> None:
    assert put_files(tmp_path, before) <= len(before)
    wanted = sum(before.get(name) != content for name, content in after.items())
    assert put_files(tmp_path, after) == wanted
    assert read(tmp_path) == after
    folders = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_dir()}
    assert folders == {parent for name in after for parent in Path(name).parents} - {Path()}
    assert put_files(tmp_path, after) == 0
    put_files(tmp_path, {})


@pytest.mark.parametrize("one_step", [True, False])
def test_the_folder_of_last_time_is_kept_for_the_next(
    one_step: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not one_step:
        monkeypatch.setattr(module, "exchange", lambda one, other: False)
    out = tmp_path / "public" / "site"
    assert replaced(out, {"a": b"1", "b": b"1"}) == 2
    assert read(out) == {"a": b"1", "b": b"1"}
    assert replaced(out, {"a": b"2", "b": b"1"}) == 2
    assert read(out) == {"a": b"2", "b": b"1"}
    hidden = out.with_name(".site.next")
    assert read(hidden) == {"a": b"1", "b": b"1"}
    assert replaced(out, {"a": b"3", "b": b"1"}) == 1
    assert sorted(file.name for file in out.parent.iterdir()) == [".site.next", "site"]


def test_a_block_that_raises_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "site"
    replaced(out, {"a": b"1"})
    with pytest.raises(IsADirectoryError), new_folder(out) as folder:
        put_files(folder, {"b": b"2", "a/b": b"2", "a": b"2"})
    assert read(out) == {"a": b"1"}
    replaced(out, {"a": b"3"})
    assert read(out) == {"a": b"3"}


@pytest.mark.parametrize("built", [True, False])
def test_a_builder_that_was_killed_between_the_renames(built: bool, tmp_path: Path) -> None:
    out, between = tmp_path / "site", tmp_path / ".site.between"
    replaced(out, {"a": b"1"})
    out.rename(between)
    if built:
        out.mkdir()
        (out / "a").write_bytes(b"2")
    with new_folder(out) as folder:
        assert read(out) == {"a": b"2" if built else b"1"}
        put_files(folder, {"a": b"3"})
    assert read(out) == {"a": b"3"}
    assert not between.exists()


def test_a_rename_that_fails_puts_the_old_folder_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "site"
    replaced(out, {"a": b"1"})
    monkeypatch.setattr(module, "exchange", lambda one, other: False)
    rename = Path.rename

    def refuse_the_second(path: Path, target: Path) -> Path:
        if path.name == ".site.next":
            raise OSError("no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_the_second)
    with pytest.raises(OSError, match="no"):
        replaced(out, {"a": b"2"})
    assert read(out) == {"a": b"1"}


def test_two_folders_change_places_in_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        put_files(folder, {}) if folder.exists() else folder.mkdir()
        (folder / "name").write_text(folder.name, "utf-8")
    if sys.platform == "linux" and exchange(one, other):
        assert (one / "name").read_text("utf-8") == "other"
        assert (other / "name").read_text("utf-8") == "one"
    assert exchange(one, tmp_path / "missing") is False
    monkeypatch.setattr(sys, "platform", "darwin")
    assert exchange(one, other) is False


def test_one_builder_at_a_time(tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    out = tmp_path / "site"
    with new_folder(out):
        other = os.open(tmp_path, os.O_RDONLY)
        try:
            with pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(other)
    replaced(out, {"a": b"1"})
