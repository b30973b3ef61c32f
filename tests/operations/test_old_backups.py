"""Backups past their term are removed beside a new one: of the same deployment alone, and nothing else in the folder."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from engine.operations.backup import DATABASE, MANIFEST, Histories, Manifest
from engine.operations.old_backups import remove_old_backups

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def made(folder: Path, name: str, day: int, deployment: str | None = "a") -> Path:
    manifest = Manifest(
        f"2026-03-{day:02}T00:00:00.000000Z", "1", "0012", {}, Histories(0, 0, ""), {}, deployment=deployment
    )
    with zipfile.ZipFile(folder / name, "w") as package:
        package.writestr(MANIFEST, json.dumps(manifest.as_json()))
        package.writestr(DATABASE, b"")
    return folder / name


def test_only_old_ones_of_the_same_deployment(tmp_path: Path) -> None:
    newest = made(tmp_path, "31.zip", 31)
    made(tmp_path, "01.zip", 1)
    made(tmp_path, "20.zip", 20)
    made(tmp_path, "other.zip", 1, "b")
    made(tmp_path, "unknown.zip", 1, None)
    (tmp_path / "notes.txt").write_text("no backup", "utf-8")
    (tmp_path / "link.zip").symlink_to(tmp_path / "other.zip")
    assert remove_old_backups(newest, NOW, 14) == ["01.zip"]
    assert {path.name for path in tmp_path.iterdir()} == {
        "31.zip",
        "20.zip",
        "other.zip",
        "unknown.zip",
        "notes.txt",
        "link.zip",
    }
    assert remove_old_backups(made(tmp_path, "who.zip", 31, None), NOW, 1) == []
