"""The key files of a deployment: made once, mode 600, and signed with by whichever is in force."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.app.ports.audit.heads import SignerError
from engine.deployment.head_key_file import CURRENT, FOLDER, NEXT, HeadKeyFile
from engine.deployment.home import Home
from engine.kernel import ed25519
from engine.operations.secrets import is_secret


@pytest.fixture
def files(tmp_path: Path) -> HeadKeyFile:
    return HeadKeyFile(Home(tmp_path))


def test_the_first_key_is_made_once(files: HeadKeyFile, tmp_path: Path) -> None:
    key = files.first_key()
    assert files.first_key() == key
    assert files.holds(key)
    file = tmp_path / FOLDER / CURRENT
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert is_secret(f"{FOLDER}/{CURRENT}", file)
    signed = files.sign(key, b"text")
    assert signed is not None
    assert ed25519.verify(bytes.fromhex(key), b"text", signed)
    assert files.sign("00" * 32, b"text") is None
    assert not files.holds("00" * 32)


def test_without_the_library_the_bytes_are_the_same(
    files: HeadKeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = files.first_key()
    signed = files.sign(key, b"text")
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.ed25519", None)
    assert files.sign(key, b"text") == signed


def test_the_next_key_takes_the_place_of_the_other(files: HeadKeyFile, tmp_path: Path) -> None:
    old, new = files.first_key(), files.next_key()
    assert files.next_key() == new
    assert files.holds(old)
    assert files.holds(new)
    files.take_next()
    assert not (tmp_path / FOLDER / NEXT).exists()
    assert files.first_key() == new
    assert not files.holds(old)
    with pytest.raises(SignerError, match="不能启用"):
        files.take_next()


@pytest.mark.parametrize("content", ["", "xyz\n", "ab\n", "00" * 31])
def test_a_file_that_is_no_key(content: str, files: HeadKeyFile, tmp_path: Path) -> None:
    (tmp_path / FOLDER).mkdir()
    file = tmp_path / FOLDER / CURRENT
    file.write_text(content, "utf-8")
    file.chmod(0o600)
    with pytest.raises(SignerError):
        files.first_key()


def test_a_file_others_can_read_is_refused(files: HeadKeyFile, tmp_path: Path) -> None:
    key = files.first_key()
    (tmp_path / FOLDER / CURRENT).chmod(0o644)
    with pytest.raises(SignerError, match="chmod 600"):
        files.holds(key)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("a file in the way", "utf-8")
    with pytest.raises(SignerError):
        HeadKeyFile(Home(tmp_path)).first_key()
