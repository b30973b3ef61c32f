"""A bad place to work in: a sentence, exit code 3, nothing changed, and all is well when the place is mended."""

from __future__ import annotations

import io
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from crash_factories import ROOT, SSJ, check_whole, histories, ssj, start
from watched_deployment import start_case, watched

from engine.cli.main import main
from engine.deployment.clocks import VirtualClock
from engine.store.sql.file import file_connection as engines
from tests.hung_run import HUNG, until

START = ("case", "start", "watching", "--title", "又一次值守", "--as", "leading")


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment, and the command line of it."""

    home: Path
    case: str

    @property
    def database(self) -> Path:
        return self.home / "data" / "ssj.db"

    def ssj(self, *words: str, full: int | None = None) -> tuple[int, str, str]:
        """Run a command in a process of its own; with `full`, no file may grow beyond so many bytes."""

        def no_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))  # type: ignore[arg-type] # not None

        done = subprocess.run(
            [*SSJ, "--home", str(self.home), *words],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=None if full is None else no_room,
            timeout=HUNG,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a deployment to copy."""
    home, application = watched(tmp_path_factory.mktemp("made") / "home", VirtualClock(datetime.now(UTC)))
    with closing(application.store):
        return Place(home.path, start_case(application, "值守"))


@pytest.fixture
def place(made: Place, tmp_path: Path) -> Place:
    shutil.copytree(made.home, tmp_path / "home")
    return Place(tmp_path / "home", made.case)


def environment(said: tuple[int, str, str], *parts: str) -> None:
    """Assert that a command ended with a sentence of the house about its surroundings."""
    code, out, err = said
    assert (code, out) == (3, ""), said
    assert "Traceback" not in err
    assert "程序内部出错" not in err
    for part in parts:
        assert part in err, err


def here(*words: str) -> tuple[int, str, str]:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(list(words))
        except SystemExit as done:
            code = done.code
    return code or 0, out.getvalue(), err.getvalue()


class TestNoRoom:
    def test_a_command(self, place: Place) -> None:
        before = histories(place.home)
        environment(place.ssj(*START, full=1000), str(place.database))
        environment(place.ssj("task", "advance", place.case, "hand_over", "--as", "leading", full=1000))
        assert histories(place.home) == before
        check_whole(place.home)
        assert place.ssj(*START)[0] == 0

    def test_a_new_deployment(self, tmp_path: Path) -> None:
        other = Place(tmp_path, "")
        environment(other.ssj("init", str(tmp_path / "new"), full=20_000))

    def test_a_demonstration_goes_on_when_there_is_room_again(self, tmp_path: Path) -> None:
        other = Place(tmp_path, "")
        environment(other.ssj("demo", str(tmp_path / "demo"), full=100_000))
        with start("demo", tmp_path / "demo") as process:
            database = tmp_path / "demo" / "data" / "ssj.db"
            # It has come further than the disk let it before.
            until(
                lambda: (
                    process.poll() is not None or (database.is_file() and database.stat().st_size > 100_000)
                )
            )
            assert process.poll() is None
            process.kill()


class TestLocked:
    @pytest.fixture
    def locked(self, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
        monkeypatch.setattr(engines, "BUSY_TIMEOUT_SECONDS", 0.2)
        with closing(sqlite3.connect(place.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield place

    def test_whoever_writes_is_told_and_whoever_reads_is_not_held_up(self, locked: Place) -> None:
        before = histories(locked.home)
        environment(here("--home", str(locked.home), *START), "正被其他程序占用", str(locked.database))
        assert here("--home", str(locked.home), "case", "show", locked.case, "--as", "leading")[0] == 0
        assert histories(locked.home) == before


class TestDamaged:
    def damage(self, place: Place, how: Callable[[bytes], bytes]) -> bytes:
        with closing(sqlite3.connect(place.database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for beside in ("-wal", "-shm"):
            place.database.with_name(place.database.name + beside).unlink(missing_ok=True)
        damaged = how(place.database.read_bytes())
        place.database.write_bytes(damaged)
        return damaged

    COMMANDS = (
        START,
        ("case", "list"),
        ("task", "list"),
        ("task", "advance", "watching-1", "hand_over", "--as", "leading"),
        ("audit", "verify"),
        ("daemon",),
    )

    @pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
    def test_no_database_at_all(self, place: Place, words: tuple[str, ...]) -> None:
        damaged = self.damage(place, lambda whole: b"not a database, but a letter\n" * 500)
        environment(here("--home", str(place.home), *words), str(place.database), "不是数据库文件")
        assert place.database.read_bytes() == damaged

    def test_a_page_is_gone(self, place: Place) -> None:
        damaged = self.damage(place, lambda whole: whole[:4096] + b"\0" * (len(whole) - 4096))
        for words in self.COMMANDS:
            environment(here("--home", str(place.home), *words), str(place.database), "损坏")
        assert place.database.read_bytes() == damaged

    def test_an_empty_file(self, place: Place) -> None:
        self.damage(place, lambda whole: b"")
        environment(here("--home", str(place.home), *START), str(place.database), "没有本系统的数据")


@pytest.fixture
def mounted() -> Callable[..., tuple[int, str, str]]:
    """Run a command after a mount that it alone sees, so that it holds for the administrator too."""
    unshare = shutil.which("unshare")
    if unshare is None or sys.platform != "linux":
        pytest.skip("no unshare here")
    alone = [unshare, "-m" if os.geteuid() == 0 else "-Urm"]
    probe = 'mount -t tmpfs tmpfs "$1"'
    if subprocess.run([*alone, "sh", "-c", probe, "sh", "/tmp"], capture_output=True).returncode:  # noqa: S108 - seen by the probe alone
        pytest.skip("no name spaces of mounts here")

    def run(mount: str, folder: Path, *words: str) -> tuple[int, str, str]:
        script = f'{mount}; shift; exec "$@"'
        done = subprocess.run(
            [*alone, "sh", "-e", "-c", script, "sh", str(folder), *SSJ, *words],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=HUNG,
        )
        return done.returncode, done.stdout, done.stderr

    return run


class TestReadOnly:
    READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"'

    def test_a_deployment(self, place: Place, mounted: Callable[..., tuple[int, str, str]]) -> None:
        before = histories(place.home)
        home = ("--home", str(place.home))
        environment(mounted(self.READ_ONLY, place.home, *home, *START), "权限", str(place.database))
        environment(mounted(self.READ_ONLY, place.home, *home, "daemon"), "daemon.lock", "权限")
        assert histories(place.home) == before

    def test_a_place_for_a_new_one(
        self, tmp_path: Path, mounted: Callable[..., tuple[int, str, str]]
    ) -> None:
        (shut := tmp_path / "shut").mkdir()
        for command in ("init", "demo"):
            said = mounted(self.READ_ONLY, shut, command, str(shut / "new"))
            environment(said, f"不能在 {shut / 'new'} 建立部署", "目录权限")
            assert len(said[2].splitlines()) == 1
        assert list(shut.iterdir()) == []


class TestFullDisk:
    """A disk of three megabytes, the rest of which something else has taken."""

    FULL = (
        'cp -r "$1" "$1.was"; mount -t tmpfs -o size=3m tmpfs "$1"; cp -r "$1.was/." "$1";'
        '(dd if=/dev/zero of="$1/other" bs=4k 2>/dev/null || true)'
    )

    def test_a_deployment(self, place: Place, mounted: Callable[..., tuple[int, str, str]]) -> None:
        home = ("--home", str(place.home))
        for words in (START, ("task", "advance", place.case, "hand_over", "--as", "leading")):
            shutil.rmtree(f"{place.home}.was", ignore_errors=True)
            environment(mounted(self.FULL, place.home, *home, *words), "磁盘已满", "没有保存")

    def test_a_place_for_a_new_one(
        self, tmp_path: Path, mounted: Callable[..., tuple[int, str, str]]
    ) -> None:
        for command in ("init", "demo"):
            (small := tmp_path / command).mkdir()
            said = mounted(self.FULL, small, command, str(small / "new"))
            environment(said, f"不能在 {small / 'new'} 建立部署", "磁盘空间")
            assert len(said[2].splitlines()) == 1


class TestTwoAtOnce:
    def wait_for(self, file: Path, process: subprocess.Popen[str]) -> None:
        def written() -> bool:
            assert process.poll() is None
            return file.is_file() and bool(file.read_bytes().strip())

        until(written)

    def test_a_second_daemon_is_refused(self, place: Place) -> None:
        with start("--home", place.home, "daemon") as first:
            try:
                self.wait_for(place.home / "data" / "daemon.lock", first)
                environment(ssj("--home", place.home, "daemon"), f"进程号 {first.pid}", "请先停止它")
                assert first.poll() is None
            finally:
                first.terminate()
                first.communicate(timeout=HUNG)
        assert first.returncode == 0

    def test_a_second_demonstration_is_refused(self, tmp_path: Path) -> None:
        with start("demo", tmp_path / "demo") as first:
            try:
                self.wait_for(tmp_path / "demo" / "settings.yaml", first)
                environment(ssj("demo", tmp_path / "demo"), "正由另一个进程走着")
                environment(ssj("--home", tmp_path / "demo", "daemon"), f"进程号 {first.pid}")
            finally:
                first.kill()
                first.communicate(timeout=HUNG)
