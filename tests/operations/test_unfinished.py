"""Restore, move, calendar, init and the site, killed before each change of a file: the next start finishes or undoes."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from killed_at import failing_at, killed_at

from engine.app.access.long_command import LongCommandContext
from engine.app.commands import Caller
from engine.app.commands.calendar import adopt_year
from engine.calendars.import_file import read_calendar_year
from engine.deployment.clocks import SystemClock
from engine.deployment.home import SETTINGS, find_home
from engine.deployment.open import open_application, open_deployment_store, timekeeping
from engine.deployment.own_database import HOME_ID
from engine.deployment.set_up import set_up
from engine.files.journal import INIT_JOURNAL, MOVE_JOURNAL, is_begun, restore_journal
from engine.kernel.refusal import Refusal
from engine.operations.backup import BackupError
from engine.operations.move_database import move_store
from engine.operations.restore import Restored, deployment_at, restore
from engine.operations.unfinished import DeploymentUnfinishedError, settle
from engine.runtime.lock import LOCK, HomeLock
from engine.site.atomic_replace import new_folder, put_files
from engine.store.revision import MOVED
from engine.store.sql import copy
from engine.store.sql.transaction import SqlTransaction

AS = Caller("leading")
YEAR = """year: 2031
source: 示例
holidays: {元旦: 2031-01-01, 春节: 2031-01-23, 清明节: 2031-04-05, 劳动节: 2031-05-01, 端午节: 2031-06-24, 国庆节、中秋节: 2031-10-01}
workdays: []
""".encode()
#: Calls of which one in so many is tried in the short run; the renames of a switch are always tried all.
STEP = 7


@pytest.fixture
def bureau(small: tuple[Path, Path], tmp_path: Path) -> Path:
    shutil.copytree(small[0], tmp_path / "bureau")
    return tmp_path / "bureau"


def entries(home: Path) -> list[str]:
    """Return the kinds of all entries of a deployment that must be sound."""
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return [e.kind for stream in transaction.events.streams() for e in transaction.events.of(stream)]
    finally:
        store.close()


def each(soak: bool, run: Callable[[int], bool], first: int = 1, step: int | None = None) -> int:
    """Try call after call until the work comes to its end without meeting its number; returns how many there are."""
    number = first
    while run(number):
        number += 1 if soak or step == 1 else STEP
    return number


def test_restore_killed_at_any_call_is_finished_or_undone(
    small: tuple[Path, Path], tmp_path: Path, soak: bool
) -> None:
    def run(number: int) -> bool:
        place = tmp_path / f"n{number}"
        place.mkdir()
        bureau = place / "bureau"
        shutil.copytree(small[0], bureau)
        killed = killed_at(number, lambda: restore(small[1], bureau, SystemClock(), deployment_at(bureau)))
        said = [str(sentence) for sentence in settle(bureau)]
        beside = {path.name for path in place.iterdir()}
        restored = not (bureau / "since.txt").exists()
        assert entries(bureau).count("restored") == restored
        kept = [name for name in beside if ".before-" in name]
        assert len(kept) == restored
        for name in kept:
            assert (place / name / "since.txt").exists()
        assert beside - set(kept) == {"bureau"}
        assert not is_begun(bureau)
        assert all("恢复" in sentence or ".new 已清掉" in sentence for sentence in said)
        if killed:
            again = restore(small[1], bureau, SystemClock(), deployment_at(bureau))
            assert isinstance(again, Restored)
            assert again.path == bureau
            assert not (place / ".bureau.ssj-restore").exists()
        shutil.rmtree(place)
        return killed

    assert each(soak, run) > 20


def test_the_renames_of_a_restore_killed_one_by_one(small: tuple[Path, Path], tmp_path: Path) -> None:
    said: list[str] = []

    def run(number: int) -> bool:
        place = tmp_path / f"n{number}"
        place.mkdir()
        bureau = place / "bureau"
        shutil.copytree(small[0], bureau)
        work = lambda: restore(small[1], bureau, SystemClock(), deployment_at(bureau))  # noqa: E731
        killed = killed_at(number, work, ("rename", "replace"))
        said.extend(str(sentence) for sentence in settle(bureau))
        assert (bureau / SETTINGS).exists()
        assert stat.S_IMODE((bureau / SETTINGS).stat().st_mode) == 0o600
        assert entries(bureau).count("restored") == (not (bureau / "since.txt").exists())
        return killed

    each(True, run)
    assert sum("现已做完" in sentence for sentence in said) == 2
    assert all("现已做完" in sentence or "没有改动" in sentence for sentence in said)


def test_a_restore_that_meets_a_full_disk_at_any_rename_is_finished_or_undone(
    small: tuple[Path, Path], tmp_path: Path
) -> None:
    def run(number: int) -> bool:
        bureau = tmp_path / f"n{number}" / "bureau"
        bureau.parent.mkdir()
        shutil.copytree(small[0], bureau)
        met = True
        try:
            met = failing_at(
                number,
                lambda: restore(small[1], bureau, SystemClock(), deployment_at(bureau)),
                ("rename", "replace", "rmdir", "unlink"),
            )
        except (OSError, BackupError):
            met = True
        list(settle(bureau))
        assert entries(bureau).count("restored") == (not (bureau / "since.txt").exists())
        assert not is_begun(bureau)
        return met and number < 40

    each(True, run)


def test_a_move_killed_at_any_call_is_finished_or_undone(
    small: tuple[Path, Path], tmp_path: Path, soak: bool
) -> None:
    said: list[str] = []

    def run(number: int) -> bool:
        bureau = tmp_path / f"n{number}"
        shutil.copytree(small[0], bureau)
        home = find_home(str(bureau))
        steps = [(copy, "in_use"), (copy, "shut"), (LongCommandContext, "end"), (SqlTransaction, "__init__")]
        work = lambda: move_store(home, AS, "data/new.db", SystemClock())  # noqa: E731
        killed = killed_at(number, work, also=steps)
        said.extend(map(str, settle(bureau)))
        assert not is_begun(bureau)
        now = find_home(str(bureau))
        assert [path.name for path in bureau.glob(".*")] == [HOME_ID]
        assert now.database.endswith("new.db") == bool(list((bureau / "data").glob("new.db*")))
        moved = now.database.endswith("new.db")
        # Exactly one of the two can be written, and it holds everything.
        assert entries(bureau)
        with closing(sqlite3.connect(bureau / "data" / "ssj.db")) as old:
            assert (old.execute("SELECT version_num FROM alembic_version").fetchone()[0] == MOVED) == moved
        application = open_application(now)
        with application.store.write() as transaction:
            transaction.settings.put("reader", "leading")
        application.store.close()
        shutil.rmtree(bureau)
        return killed

    assert each(soak, run, step=1) > 3
    assert any("照旧使用" in sentence for sentence in said)
    assert any("现已做完" in sentence for sentence in said)
    assert any("new.db 已清掉" in sentence for sentence in said)


def test_a_move_whose_old_database_was_written_meanwhile_is_undone(bureau: Path) -> None:
    home = find_home(str(bureau))
    # Killed once the settings name the new database, before the old one is shut.
    number = 1
    while True:
        work = lambda: move_store(home, AS, "data/new.db", SystemClock())  # noqa: E731
        assert killed_at(number, work, also=[(copy, "shut")])
        if find_home(str(bureau)).database.endswith("new.db"):
            break
        list(settle(bureau))
        (bureau / "data" / "new.db").unlink(missing_ok=True)
        for beside in (bureau / "data").glob("new.db*"):
            beside.unlink()
        number += 1
    store = open_deployment_store(home)
    with store.write() as transaction:
        transaction.settings.put("reader", "leading")
    store.close()
    assert "已撤销" in str(next(iter(settle(bureau))))
    assert find_home(str(bureau)).database == home.database
    assert not (bureau / MOVE_JOURNAL).exists()


def test_a_calendar_year_killed_at_any_call_holds_whole_or_not_at_all(
    small: tuple[Path, Path], tmp_path: Path
) -> None:
    said: list[str] = []

    def run(number: int) -> bool:
        bureau = tmp_path / f"n{number}"
        shutil.copytree(small[0], bureau)
        home = find_home(str(bureau))

        def adopt() -> None:
            data, _ = read_calendar_year("2031.yaml", YEAR)
            assert data is not None
            application = open_application(home)
            done = adopt_year(application, AS, home.calendars, data, lambda: timekeeping(home))
            assert not isinstance(done, Refusal)
            application.store.close()

        killed = killed_at(number, adopt)
        said.extend(map(str, settle(bureau)))
        assert (home.calendars / "2031.yaml").exists() == ("calendar" in entries(bureau))
        assert list(home.calendars.glob(".*")) == []
        return killed

    assert each(True, run) > 3
    assert any("已撤销" in sentence for sentence in said)
    assert any("现已做完" in sentence for sentence in said)


def test_a_deployment_that_was_not_made_to_its_end_says_so_and_is_made(tmp_path: Path) -> None:
    place = tmp_path / "bureau"
    for number in (2, 5, 12, 30):
        if not killed_at(number, lambda: set_up(place)):
            break
        if (place / INIT_JOURNAL).exists():
            with pytest.raises(DeploymentUnfinishedError) as refused:
                list(settle(place))
            assert "ssj init" in str(refused.value.message)
    assert set_up(place).path == place
    assert list(settle(place)) == []
    assert "published" in entries(place)


def test_a_site_whose_builder_was_killed_between_two_renames_is_there_again(
    bureau: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A system that cannot exchange two folders in one step.
    monkeypatch.setattr("engine.site.atomic_replace.exchange", lambda *_: False)
    site = bureau / "public"

    def build(text: bytes) -> None:
        with new_folder(site) as folder:
            put_files(folder, {"index.html": text})

    build(b"old")
    said: list[str] = []
    for number in range(1, 10):
        killed = killed_at(number, lambda: build(b"new"), ("rename",))
        said.extend(map(str, settle(bureau)))
        assert (site / "index.html").read_bytes() in (b"old", b"new")
        if not killed:
            break
    assert "公示网站上次换新时在中途断了，现已换好" in said


def test_what_an_earlier_version_left_is_removed_once_nobody_works(bureau: Path) -> None:
    for name in (".settings-abc123", ".settings.yaml.new", "data/demo.json.new"):
        (bureau / name).write_text("x", encoding="utf-8")
    assert is_begun(bureau)
    daemon = HomeLock(bureau / LOCK)
    assert daemon.take() is None
    assert list(settle(bureau)) == []
    daemon.release()
    (sentence,) = settle(bureau)
    assert all(name in str(sentence) for name in (".settings-abc123", ".settings.yaml.new", "demo.json.new"))
    assert not is_begun(bureau)


def test_nothing_broken_off_costs_nothing_and_says_nothing(bureau: Path) -> None:
    assert not is_begun(bureau)
    assert list(settle(bureau)) == []
    # What is no journal is left alone.
    restore_journal(bureau).write_text("not a journal", encoding="utf-8")
    assert list(settle(bureau)) == []
