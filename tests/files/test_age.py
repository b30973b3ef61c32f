"""Files in the format age: made for recipients, opened with a key of theirs, damaged or foreign ones told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.files.age import AgeError, decrypt, encrypt, is_encrypted

TEXT = "13800000001 示例".encode() * 9_000


@pytest.fixture
def age() -> Any:
    return pytest.importorskip("pyrage")


@pytest.fixture
def made(age: Any, tmp_path: Path) -> tuple[Path, Path, Any]:
    """A file in plain text, one made of it, and the key of its recipient."""
    key = age.x25519.Identity.generate()
    plain, file = tmp_path / "plain", tmp_path / "backup.zip"
    plain.write_bytes(TEXT)
    encrypt(plain, file, [str(key.to_public())])
    return plain, file, key


def identity(folder: Path, key: Any) -> Path:
    file = folder / "key.txt"
    file.write_text(f"# created: 2026-03-02\n# public key: {key.to_public()}\n{key}\n", encoding="ascii")
    return file


def test_what_was_encrypted_is_opened_with_the_key(made: tuple[Path, Path, Any], tmp_path: Path) -> None:
    plain, file, key = made
    assert is_encrypted(file)
    assert not is_encrypted(plain)
    assert b"13800000001" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    decrypt(file, tmp_path / "again", identity(tmp_path, key))
    assert (tmp_path / "again").read_bytes() == TEXT


@pytest.mark.parametrize("cut", [3, 70_000, len(TEXT) + 100])
def test_damage_and_another_key_are_told(
    age: Any, made: tuple[Path, Path, Any], tmp_path: Path, cut: int
) -> None:
    _, file, key = made
    with pytest.raises(AgeError, match="打不开"):
        decrypt(file, tmp_path / "a", identity(tmp_path, age.x25519.Identity.generate()))
    file.write_bytes(file.read_bytes()[:-cut])
    with pytest.raises(AgeError, match="打不开"):
        decrypt(file, tmp_path / "b", identity(tmp_path, key))


def test_what_is_no_key(age: Any, made: tuple[Path, Path, Any], tmp_path: Path) -> None:
    plain, file, _ = made
    for text in ("nothing", "AGE-SECRET-KEY-1X"):
        (tmp_path / "no.txt").write_text(text, encoding="utf-8")
        with pytest.raises(AgeError, match="没有 age 私钥"):
            decrypt(file, tmp_path / "c", tmp_path / "no.txt")
    with pytest.raises(AgeError, match="不是 age 公钥"):
        encrypt(plain, tmp_path / "d", ["age1x"])
    del age


def test_without_the_library_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyrage", None)
    with pytest.raises(AgeError, match="pyrage") as caught:
        encrypt(tmp_path / "x", tmp_path / "y", ["age1x"])
    assert caught.value.of_place
