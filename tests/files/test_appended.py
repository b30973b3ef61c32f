"""Lines are added at the end of a file of the owner's alone."""

from __future__ import annotations

from pathlib import Path

from engine.files.appended import append_text


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "list"
    append_text(file, "甲\n")
    append_text(file, "乙\n")
    assert file.read_text(encoding="utf-8") == "甲\n乙\n"
    assert file.stat().st_mode & 0o777 == 0o600
