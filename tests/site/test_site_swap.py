"""Whole or not at all: readers never meet a half-built site, and a killed builder leaves the old one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from site_factories import BUILT, BUREAU, PAGE_TYPES, past_draws, result, year

from engine.site import atomic_replace as swap
from engine.site.atomic_replace import new_folder, put_files
from engine.site.build import SiteBuildError, build_site

HERE = Path(__file__).parent


def read(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_block_that_raises_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "site"
    with new_folder(out) as folder:
        put_files(folder, {"a.txt": b"old"})

    def build() -> None:
        with new_folder(out) as folder:
            put_files(folder, {"a.txt": b"new", "b/c.txt": b"new"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        build()
    assert read(out) == {"a.txt": b"old"}
    with new_folder(out) as folder:
        put_files(folder, {"d.txt": b"third"})
    assert read(out) == {"d.txt": b"third"}


@pytest.mark.parametrize("exchanging", [True, False])
def test_builds_follow_each_other_with_and_without_exchange(
    exchanging: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanging:
        monkeypatch.setattr(swap, "exchange", lambda one, other: False)
    out = tmp_path / "site"
    for text in (b"1", b"2", b"3", b"4"):
        with new_folder(out) as folder:
            put_files(folder, {"a.txt": text, f"{text.decode()}.txt": text})
        assert read(out) == {"a.txt": text, f"{text.decode()}.txt": text}


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    files = {f"{n}/x.txt": str(n).encode() for n in range(20)}
    assert put_files(tmp_path, files) == 20
    assert put_files(tmp_path, files) == 0
    assert put_files(tmp_path, {**files, "3/x.txt": b"other"}) == 1
    assert put_files(tmp_path, {"3/x.txt": b"other"}) == 0
    assert read(tmp_path) == {"3/x.txt": b"other"}
    assert [p.name for p in tmp_path.iterdir()] == ["3"]


def test_a_builder_killed_between_the_renames_is_put_right(tmp_path: Path) -> None:
    out = tmp_path / "site"
    for name, text in ((".site.between", b"old"), (".site.next", b"new")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_bytes(text)
    with pytest.raises(RuntimeError), new_folder(out):
        raise RuntimeError
    assert read(out) == {"a.txt": b"old"}


def test_readers_always_find_a_whole_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site(year(), past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES)
    done = threading.Event()
    missed: list[str] = []

    def look() -> None:
        names = ("index.html", "style.css", "results/index.html", "results/inspection-1-1.html", "SHA256SUMS")
        while not done.is_set():
            for name in names:
                try:
                    if not (out / name).read_bytes():
                        missed.append(name)
                except FileNotFoundError:
                    missed.append(name)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for number in range(15):
            build_site(
                [*year(), result(60 + number)], past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES
            )
    finally:
        done.set()
        reader.join()
    if sys.platform == "linux":
        assert missed == []


BUILDER = """
import sys, os
from pathlib import Path
sys.path[:0] = [sys.argv[1]]
from site_factories import BUILT, BUREAU, PAGE_TYPES, past_draws, result
from engine.site.build import build_site
print("ready", flush=True)
number = 0
while True:
    number += 1
    build_site([result(n, name=f"第{number}版") for n in range(1, 150)], [], BUREAU, Path(sys.argv[2]), BUILT, page_types=PAGE_TYPES)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs SIGKILL and the exchange of folders")
@pytest.mark.parametrize("moment", [0.15, 0.31, 0.48, 0.77])
def test_a_killed_build_leaves_a_whole_site(moment: float, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build_site([result(n) for n in range(1, 150)], [], BUREAU, out, BUILT, page_types=PAGE_TYPES)
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(HERE), str(out)], stdout=subprocess.PIPE, cwd=HERE.parents[1]
    ) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == b"ready\n"
        time.sleep(moment)
        os.kill(builder.pid, signal.SIGKILL)
    files = read(out)
    names = {name for name in files if name.startswith("results/inspection-") and name.endswith(".html")}
    assert len(names) == 149
    versions = {files[name].split("检查结果".encode())[0].rsplit(b"<title>", 1)[1] for name in names}
    assert len(versions) == 1
    build_site(year(), past_draws(), BUREAU, out, BUILT, page_types=PAGE_TYPES)
    build_site(year(), past_draws(), BUREAU, tmp_path / "fresh", BUILT, page_types=PAGE_TYPES)
    assert read(out) == read(tmp_path / "fresh")


def test_a_full_or_forbidden_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    build_site(year(), [], BUREAU, out, BUILT, page_types=PAGE_TYPES)
    before = read(out)

    def full(folder: Path, files: object, like: object = None) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("engine.site.build.put_files", full)
    with pytest.raises(SiteBuildError, match="原来的网站没有变动"):
        build_site([], [], BUREAU, out, BUILT, page_types=PAGE_TYPES)
    assert read(out) == before
