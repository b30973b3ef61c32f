"""Journals are there whole or not at all; a lock on a folder is held against others and ends with whoever holds it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.files.journal import (
    INIT_JOURNAL,
    FolderLock,
    is_begun,
    prepare_file,
    read_journal,
    remove_journal,
    replace_file,
    restore_journal,
    write_journal,
)


def test_a_journal_is_written_read_and_removed(tmp_path: Path) -> None:
    journal = tmp_path / INIT_JOURNAL
    assert read_journal(journal) is None
    write_journal(journal, {"change": "init", "sample": True})
    assert (read_journal(journal) or {})["sample"] is True
    assert journal.stat().st_mode & 0o777 == 0o600
    assert is_begun(tmp_path)
    remove_journal(journal)
    remove_journal(journal)
    assert not is_begun(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"format": "other"}', b"[" * 5000, b"x" * 200_000, b"\xff"]
)
def test_what_is_no_journal_counts_as_none(tmp_path: Path, content: bytes) -> None:
    journal = restore_journal(tmp_path / "bureau")
    journal.write_bytes(content)
    assert read_journal(journal) is None


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "f"
    replace_file(file, b"old")
    unfinished = prepare_file(file, b"new")
    assert (file.read_bytes(), unfinished.read_bytes()) == (b"old", b"new")
    # What somebody who was killed has left is in nobody's way.
    replace_file(file, b"newer", mode=0o600)
    assert file.read_bytes() == b"newer"
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_a_folder_is_locked_against_other_processes_until_it_is_let_go(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path, wait=True)
    child = os.fork()
    if child == 0:
        os._exit(FolderLock(tmp_path, wait=False).taken)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    lock.release()
    lock.release()
    assert FolderLock(tmp_path, wait=False).taken
    # The one above was let go with its object.
    assert FolderLock(tmp_path, wait=False).taken
