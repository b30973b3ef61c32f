"""Packages are verified in pieces: compressed ones, ones that deceive and ones as large as a disk cost nothing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from small_files import a_package

from engine.documents.archive_verification import EVENTS, MANIFEST, verify_package


def said(path: Path) -> str:
    return "\n".join(problem.render("zh_CN") for problem in verify_package(path))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "p.zip").write_bytes(a_package())
    assert said(tmp_path / "p.zip") == ""
    return tmp_path / "p.zip"


def rewritten(package: Path, method: int = zipfile.ZIP_STORED, **changes: bytes) -> Path:
    target = package.with_name("changed.zip")
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(target, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name.split(".")[0], old.read(name)))
    return target


def test_a_package_that_was_compressed_is_none(package: Path) -> None:
    found = said(rewritten(package, zipfile.ZIP_DEFLATED))
    assert f"“{MANIFEST}”被压缩" in found
    assert "重新打过" in found


def test_a_bomb_is_not_unpacked(package: Path) -> None:
    bomb = package.with_name("bomb.zip")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(MANIFEST, b" " * 50_000_000)
        made.writestr(EVENTS, b"[" * 50_000_000)
    assert "被压缩" in said(bomb)


def test_the_package_itself_was_changed_and_nothing_in_it(package: Path) -> None:
    assert "本身被改动过" in said(rewritten(package))


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[" * 900, b"{}", b"null", b'{"files": 1}', b"\xff", b"1e999"]
)
def test_manifests_that_are_none(package: Path, content: bytes) -> None:
    assert "manifest.json" in said(rewritten(package, manifest=content))


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 900 + b"\n", b"\n\n", b'{"seq": []}\n', b"\xff\n"])
def test_events_that_are_none(package: Path, content: bytes) -> None:
    assert "events.jsonl”的内容与清单不符" in said(rewritten(package, events=content))
