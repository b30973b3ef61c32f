"""A backup for recipients: nothing of it can be read without a key of theirs, and old ones are removed without any key."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.app.commands import Caller
from engine.deployment.clocks import VirtualClock
from engine.deployment.home import SETTINGS, find_home
from engine.files.reading import file_digest
from engine.operations.backup import (
    BackupError,
    BackupNote,
    Manifest,
    back_up,
    note_path,
    recipients_of,
)
from engine.operations.old_backups import remove_old_backups
from engine.operations.restore import verify_backup
from engine.operations.unpacking import opened, read_note

MADE = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_for_whom() -> None:
    assert recipients_of({}) == []
    assert recipients_of({"backups": {"recipients": ["age1a"]}}) == ["age1a"]
    for wrong in ("age1a", ["x"], [1]):
        with pytest.raises(BackupError):
            recipients_of({"backups": {"recipients": wrong}})


@pytest.fixture(scope="module")
def encrypted(small: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """An encrypted backup, the file of the key that opens it, and the deployment."""
    age: Any = pytest.importorskip("pyrage")
    folder = tmp_path_factory.mktemp("encrypted")
    home = Path(shutil.copytree(small[0], folder / "bureau"))
    key = age.x25519.Identity.generate()
    (folder / "key.txt").write_text(str(key), encoding="ascii")
    with (home / SETTINGS).open("a", encoding="utf-8") as settings:
        settings.write(f"backups: {{recipients: [{key.to_public()}]}}\n")
    file = folder / "first.zip"
    made = back_up(find_home(str(home)), Caller("leading"), file, VirtualClock(MADE))
    assert isinstance(made, Manifest)
    return file, folder / "key.txt", home


def test_it_is_opened_with_the_key_alone(encrypted: tuple[Path, Path, Path]) -> None:
    file, key, _ = encrypted
    content = file.read_bytes()
    assert content.startswith(b"age-encryption.org/v1")
    assert not any(word in content for word in (b"manifest", b"database.sqlite", b"PK\x03\x04"))
    assert {one.stat().st_mode & 0o777 for one in (file, note_path(file))} == {0o600}
    with opened(file, key) as plain:
        manifest = verify_backup(plain)
    assert not plain.exists()
    note = read_note(file)
    assert note is not None
    assert (note.deployment, note.made_at) == (manifest.deployment, manifest.made_at)
    with pytest.raises(BackupError, match="私钥"), opened(file, None):
        pass


def test_damage_is_found_by_the_note(encrypted: tuple[Path, Path, Path], tmp_path: Path) -> None:
    file, key, _ = encrypted
    broken = tmp_path / file.name
    whole = file.read_bytes()
    broken.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    shutil.copy(note_path(file), note_path(broken))
    with pytest.raises(BackupError, match="损坏"), opened(broken, key):
        pass
    note_path(broken).write_text("{}", encoding="utf-8")
    assert read_note(broken) is None
    # Whoever changes a byte makes the note anew as well: the format authenticates each part.
    note_path(broken).write_text(BackupNote(None, "2026", file_digest(broken)).text(), encoding="utf-8")
    with pytest.raises(BackupError, match="打不开"), opened(broken, key):
        pass


def test_old_ones_are_removed_with_their_notes(encrypted: tuple[Path, Path, Path], tmp_path: Path) -> None:
    file, _, home = encrypted
    old, newest = tmp_path / "old.zip", tmp_path / "newest.zip"
    for source, target in ((file, old), (note_path(file), note_path(old))):
        shutil.copy(source, target)
    later = MADE.replace(year=2027)
    assert isinstance(back_up(find_home(str(home)), Caller("leading"), newest, VirtualClock(later)), Manifest)
    assert remove_old_backups(newest, later, 400) == []
    assert remove_old_backups(newest, later, 300) == ["old.zip"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["newest.zip", "newest.zip.note"]


def test_one_that_is_not_encrypted_is_taken_as_it_is(small: tuple[Path, Path]) -> None:
    with opened(small[1], None) as plain:
        assert plain == small[1]
