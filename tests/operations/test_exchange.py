"""The renames of a restore, from every place where they may have been broken off."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.files.journal import FolderLock, restore_aside, restore_journal, write_journal
from engine.operations.exchange import exchange, finish, undo


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder to replace, with a fresh one beside it, written down as a change that begins."""
    directory = tmp_path / "bureau"
    directory.mkdir()
    (directory / "old").write_text("", encoding="utf-8")
    fresh = restore_aside(directory) / "home"
    fresh.mkdir(parents=True)
    (fresh / "new").write_text("", encoding="utf-8")
    return directory


def written(directory: Path, kept: str | None = "kept") -> None:
    body = {"change": "restore", "fresh": ".bureau.ssj-restore/home", "kept": kept}
    write_journal(restore_journal(directory), body)


def names(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory.parent).as_posix() for path in directory.parent.rglob("*"))


WHOLE = ["bureau", "bureau/new", "kept", "kept/old"]


def test_in_one_go(place: Path) -> None:
    exchange(place, restore_aside(place) / "home", place.with_name("kept"))
    assert names(place) == WHOLE
    assert finish(place) is None


@pytest.mark.parametrize("reached", [0, 1, 2])
def test_from_where_it_was_broken_off(place: Path, reached: int) -> None:
    written(place)
    if reached >= 1:
        place.rename(place.with_name("kept"))
    if reached >= 2:
        (restore_aside(place) / "home").rename(place)
    assert finish(place) == place.with_name("kept")
    assert names(place) == WHOLE


def test_into_a_place_where_nothing_was(place: Path) -> None:
    (place / "old").unlink()
    written(place, None)
    assert finish(place) == place
    assert names(place) == ["bureau", "bureau/new"]


def test_what_was_unpacked_and_no_more_is_removed(place: Path) -> None:
    lock = FolderLock(place.parent, wait=True)
    assert not undo(place)
    lock.release()
    assert undo(place)
    assert names(place) == ["bureau", "bureau/old"]
    assert not undo(place)


def test_whoever_is_at_work_is_left_alone(place: Path) -> None:
    written(place)
    lock = FolderLock(place.parent, wait=True)
    assert finish(place) is None
    lock.release()
    assert finish(place) is not None


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"format": "ssj-journal/1"}', b'{"format": "ssj-journal/1", "fresh": 1}']
)
def test_what_is_no_journal_changes_nothing(place: Path, content: bytes) -> None:
    restore_journal(place).write_bytes(content)
    before = names(place)
    assert finish(place) is None
    assert names(place) == before


@pytest.mark.parametrize(
    ("fresh", "kept"),
    [
        (".", None), (".bureau.ssj-restore/..", None), (".bureau.ssj-restore/a/b", None), ("../bureau", None), ("bureau", None),
        (".bureau.ssj-restore/home", ".."), (".bureau.ssj-restore/home", "a/b"), (".bureau.ssj-restore/home", "bureau"),
        (".bureau.ssj-restore/home", "x" * 256), (".bureau.ssj-restore/home", 7), (".bureau.ssj-restore/home\0", None),
    ],
)  # fmt: skip
def test_a_journal_that_names_other_folders_changes_nothing(place: Path, fresh: object, kept: object) -> None:
    write_journal(restore_journal(place), {"change": "restore", "fresh": fresh, "kept": kept})
    before = names(place)
    assert finish(place) is None
    assert names(place) == before
