"""Folders to work in: removed at the end, and by the next one where their process was killed."""

from __future__ import annotations

import os
from pathlib import Path

from engine.files.aside import aside_folder, remove_left


def test_a_folder_is_removed_at_the_end_and_left_alone_until_then(tmp_path: Path) -> None:
    with aside_folder(tmp_path, ".work-") as place:
        (place / "a").write_text("x", encoding="utf-8")
        assert remove_left(tmp_path, ".work-") == []
        assert (place / "a").exists()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_named(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with aside_folder(tmp_path, ".work-") as place:
            (place / "copy").write_text("x", encoding="utf-8")
            os._exit(137)
    os.waitpid(child, 0)
    (left,) = tmp_path.iterdir()
    (tmp_path / ".work-empty").mkdir()
    (tmp_path / ".work-file").write_text("x", encoding="utf-8")
    (tmp_path / ".work-link").symlink_to(tmp_path.parent)
    assert remove_left(tmp_path, ".work-") == [left.name]
    assert not left.exists()
    assert len(list(tmp_path.iterdir())) == 3
    assert remove_left(tmp_path / "none", ".work-") == []
