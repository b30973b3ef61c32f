"""The n-th store, clock or file call of taking up a year fails, for every n: no half-done place, and whoever comes next ends it."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from bureau_factories import Bureau, timekeeping
from watched_store import Fault, WatchedStore

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.calendar import AdoptedYear, adopt_year
from engine.app.execution.calendar_change import PENDING, STREAM, finish_change
from engine.app.ports.store import ENVIRONMENT_ERRORS
from engine.calendars.import_file import read_calendar_year
from engine.calendars.load import load_calendar
from engine.worktime.calendar import YearData

VISIT = """
workflow: visit
title: 检查
about: none
initial: open
start: {by: [clerk]}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days}
  closed: {title: 办结, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: closed}
"""
#: The week in which the deadlines fall is off.
TEXT = """\
year: 2024
title: 示例
source: 示例
holidays:
  国庆节: [2024-09-24, 2024-09-25, 2024-09-26, 2024-09-27, 2024-09-30, 2024-10-01]
  元旦: 2024-01-06
  春节: 2024-02-10
  清明节: 2024-04-06
  劳动节: 2024-05-04
  端午节: 2024-06-08
  中秋节: 2024-09-14
"""


class WatchedClock:
    def __init__(self, inner: Any, watch: Callable[[str], None]) -> None:
        self._inner, self._watch = inner, watch

    def now(self) -> datetime:
        self._watch("clock")
        return self._inner.now()  # type: ignore[no-any-return]


def year() -> YearData:
    data, problems = read_calendar_year("2024.yaml", TEXT.encode())
    assert data is not None, problems
    return data


def bureau() -> Bureau:
    made = Bureau(VISIT)
    for _ in range(3):
        made.start("visit", section="north")
    return made


def in_force(folder: Path) -> Any:
    """Count as a program that opens the deployment does: by the files there are."""
    return timekeeping(load_calendar([folder]))


def adopted(made: Bureau, folder: Path, watch: Callable[[str], None]) -> object:
    application = Application(
        WatchedStore(made.store, watch),
        WatchedClock(made.clock, watch),
        made.application.definitions,
        channels=("log",),
    )
    return adopt_year(application, Caller("dora"), folder, year(), lambda: in_force(folder))


def moved(made: Bureau) -> bool:
    """Tell whether the deadlines are counted with the year."""
    found = [made.kinds(case.id) for case in made.cases("visit")]
    assert all(kinds == found[0] for kinds in found), found
    return found[0] != ["started"]


def noted(made: Bureau) -> int:
    return len(made.events(STREAM))


ERRORS: dict[str, Callable[[], BaseException]] = {
    "disk": lambda: OSError(28, "No space left on device"),
    "memory": MemoryError,
}


#: Both errors, once and for good, in every run; with ``--soak`` each of the errors both ways.
FAULTS = [
    ("disk", 1),
    ("memory", 10**6),
    pytest.param("disk", 10**6, marks=pytest.mark.soak),
    pytest.param("memory", 1, marks=pytest.mark.soak),
]


@pytest.mark.parametrize(("error", "lasting"), FAULTS)
def test_the_nth_call_fails(
    error: str, lasting: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in count(1):
        made, folder = bureau(), tmp_path / f"{n}"
        fault = Fault(ERRORS[error], n, n + lasting - 1)
        with monkeypatch.context() as patched:
            watch_files(patched, fault)
            with suppress(*ENVIRONMENT_ERRORS):
                adopted(made, folder, fault)
        where = (n, fault.calls[-1])
        # Deadlines and history are of one mind, whatever has become of the file.
        assert moved(made) == (noted(made) == 1), where
        with made.look() as transaction:
            announced = transaction.settings.get(PENDING) is not None
        assert not moved(made) or announced or (folder / "2024.yaml").is_file(), where
        # The next start ends what was begun, or there was nothing.
        assert bool(finish_change(made.store, folder)) == announced
        assert (folder / "2024.yaml").is_file() == moved(made), where
        assert made.findings() == []
        # And it can simply be done again.
        assert isinstance(adopted(made, folder, lambda _: None), AdoptedYear)
        assert (folder / "2024.yaml").is_file()
        assert moved(made)
        assert made.moved_deadlines(in_force(folder)) == []
        assert sorted(path.name for path in folder.iterdir()) == ["2024.yaml"]
        if not fault.reached:
            break
    assert n > 20


def watch_files(patched: pytest.MonkeyPatch, watch: Callable[[str], None]) -> None:
    """Let the calls by which a file is written be watched."""
    sync, replace, mkdir = os.fsync, Path.replace, Path.mkdir

    def watched_sync(number: int) -> None:
        watch("fsync")
        sync(number)

    def watched_replace(path: Path, target: Any) -> Path:
        watch("replace")
        return replace(path, target)

    def watched_mkdir(path: Path, *args: Any, **kwargs: Any) -> None:
        watch("mkdir")
        mkdir(path, *args, **kwargs)

    patched.setattr(os, "fsync", watched_sync)
    patched.setattr(Path, "replace", watched_replace)
    patched.setattr(Path, "mkdir", watched_mkdir)


def test_a_year_taken_up_after_one_that_died_counts_with_both(tmp_path: Path) -> None:
    """The process dies between the commit and the file; the next who takes up another year loses nothing of the first."""
    made = bureau()

    def watch(name: str) -> None:
        if name == "committed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adopted(made, tmp_path, watch)
    assert not (tmp_path / "2024.yaml").exists()
    other, problems = read_calendar_year(
        "2025.yaml",
        TEXT.replace("2024", "2025").replace("示例", "又一年").encode(),
    )
    assert other is not None, problems
    answer = adopt_year(made.application, Caller("dora"), tmp_path, other, lambda: in_force(tmp_path))
    assert isinstance(answer, AdoptedYear)
    assert answer.moves == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2024.yaml", "2025.yaml"]
    held = made.application.definitions.time.calendar
    assert [found and found.title for found in map(held.year, (2024, 2025))] == ["示例", "又一年"]
