"""However a backup is damaged, cut or made to deceive, it is said to be damaged, and nothing of it is kept."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.operations.backup import DATABASE, MANIFEST, BackupError
from engine.operations.restore import verify_backup
from engine.operations.unpacking import read_manifest, unpack

#: Bytes of a backup between two that are tried in the short run.
STEP = 397


def told(file: Path) -> str:
    """Return what is said of a backup that must not be sound."""
    with pytest.raises(BackupError) as refused:
        verify_backup(file)
    assert not refused.value.of_place
    return refused.value.message.render("zh_CN")


def test_every_flipped_byte_is_told_as_damage(small: tuple[Path, Path], tmp_path: Path, soak: bool) -> None:
    whole = small[1].read_bytes()
    file = tmp_path / "flipped.zip"
    for number, place in enumerate(range(0, len(whole), 1 if soak else STEP)):
        content = bytearray(whole)
        content[place] ^= 1 << (number % 8)
        file.write_bytes(content)
        assert "已损坏" in told(file), place
    assert [path.name for path in tmp_path.iterdir()] == ["flipped.zip"]


def test_the_ends_of_a_backup_flipped_bit_by_bit(
    small: tuple[Path, Path], tmp_path: Path, soak: bool
) -> None:
    # The list of entries is at the end, the first header at the beginning: every bit of them.
    whole = small[1].read_bytes()
    file = tmp_path / "flipped.zip"
    for place in [*range(30), *range(len(whole) - 120, len(whole))]:
        for bit in range(8) if soak else (place % 8,):
            content = bytearray(whole)
            content[place] ^= 1 << bit
            file.write_bytes(content)
            with pytest.raises(BackupError) as refused:
                unpack_aside(file, tmp_path)
            assert "已损坏" in refused.value.message.render("zh_CN")


def unpack_aside(file: Path, place: Path) -> None:
    import shutil

    aside = place / "aside"
    aside.mkdir()
    try:
        unpack(file, aside)
    finally:
        shutil.rmtree(aside)


@pytest.mark.parametrize("cut", [1, 10, 22, 100, 5_000])
def test_a_backup_that_was_cut_off(small: tuple[Path, Path], tmp_path: Path, cut: int) -> None:
    file = tmp_path / "cut.zip"
    file.write_bytes(small[1].read_bytes()[:-cut])
    assert "已损坏" in told(file)


FAMILY = [
    zipfile.BadZipFile("x"), zipfile.LargeZipFile("x"), zlib.error("Error -3"), EOFError(), RuntimeError("password"),
    NotImplementedError("compression"), struct.error("unpack"), UnicodeDecodeError("utf-8", b"x", 0, 1, "y"),
    ValueError("negative seek"), KeyError("x"), IndexError("x"), OverflowError("x"), OSError(22, "Invalid argument"),
    RecursionError("deep"),
]  # fmt: skip


@pytest.mark.parametrize("problem", FAMILY, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("where", ["__init__", "open", "getinfo"])
def test_whatever_the_library_raises_is_a_damaged_backup(
    small: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, where: str, problem: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise problem

    monkeypatch.setattr(zipfile.ZipFile, where, broken)
    assert "已损坏" in told(small[1])


@pytest.mark.parametrize("problem", FAMILY, ids=lambda one: type(one).__name__)
def test_whatever_reading_an_entry_raises_is_a_damaged_backup(
    small: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise problem

    monkeypatch.setattr(zipfile.ZipExtFile, "read", broken)
    assert "已损坏" in told(small[1])


def test_a_fault_of_the_disk_is_no_damage(small: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(zipfile.ZipExtFile, "read", broken)
    with pytest.raises(OSError, match="Input/output"):
        verify_backup(small[1])


def changed(source: Path, target: Path, change: Any) -> Path:
    """Copy a backup with its manifest changed by `change`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == MANIFEST:
                body = json.loads(data)
                # What is changed is to be found by what it says, not by the digest of all bytes.
                body["whole"] = False
                change(body)
                data = json.dumps(body).encode()
            new.writestr(name, data)
    return target


CHANGES = {
    "size": lambda body: body["files"].update({DATABASE: [1, body["files"][DATABASE][1]]}),
    "size is a text": lambda body: body["files"].update({DATABASE: ["1", ""]}),
    "outside": lambda body: body["files"].update({"home/../../x": [0, ""]}),
    "rows": lambda body: body["tables"].update({"case": 9}),
    "histories": lambda body: body["histories"].update({"events": 99_999}),
    "mode": lambda body: body.update(modes={"home/settings.yaml": "4777"}),
    "no list": lambda body: body.update(files=[]),
    "revision": lambda body: body.update(revision="0001"),
    "not whole": lambda body: body.update(whole=True, program="x"),
    "deep": lambda body: body.update(more=[[[[[[[[[[[[]]]]]]]]]]]]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_manifest_that_does_not_fit(small: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    assert "已损坏" in told(changed(small[1], tmp_path / "changed.zip", CHANGES[name]))


def test_a_manifest_without_end_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(MANIFEST, b" " * 60_000_000)
    assert file.stat().st_size < 100_000
    with pytest.raises(BackupError, match="备份已损坏"):
        read_manifest(file)


def test_what_would_not_fit_the_disk_is_not_unpacked(
    small: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=100))
    with pytest.raises(BackupError) as refused:
        unpack_aside(small[1], tmp_path)
    assert refused.value.of_place
    assert "可用" in refused.value.message.render("zh_CN")
