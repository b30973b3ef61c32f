"""A new calendar year: what taking it up would bring, and its file in the folder of calendars."""

from __future__ import annotations

import glob
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING, Any

from engine.app.execution.recompute import MovedDeadline, moved_deadlines
from engine.app.history.replay import history
from engine.app.history.retry import retry_on_conflict
from engine.calendars.import_file import describe_change
from engine.calendars.load import LOCAL
from engine.calendars.yaml_year import read_year, year_as_yaml
from engine.files.journal import FolderLock, prepare_file, replace_file
from engine.files.reading import read_file
from engine.kernel.budget import CALENDAR
from engine.language import Message, say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.ports.store import Store, Transaction
    from engine.app.services import Services


#: The history in which new years stand.
STREAM = "calendar"
#: The setting that announces the texts of files of the folder, by name, until their writer has come to it.
PENDING = "calendar/pending"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A year that may be taken up, and what it would bring."""

    data: YearData
    time: DeadlineCalculator
    changes: tuple[Message, ...]
    moves: tuple[MovedDeadline, ...]
    #: What holds now for the year, as `mark_of` writes it: whoever takes the year up names it, and is refused where it is no longer so.
    instead_of: str

    @property
    def moved(self) -> tuple[MovedDeadline, ...]:
        """Return the deadlines that fall on another day."""
        return tuple(move for move in self.moves if move.before != move.after)

    @property
    def overdue(self) -> tuple[MovedDeadline, ...]:
        """Return the deadlines that are missed as soon as the year holds."""
        return tuple(move for move in self.moves if move.becomes_overdue)

    def summary(self) -> tuple[Message, ...]:
        """Return what moves, in sentences: how many, from when to when, which become overdue."""
        if not self.moves:
            return (say("没有正在计时的时限因此变动"),)
        settled = sum(move.was_provisional and not move.is_provisional for move in self.moves)
        lines = [say("{count} 项时限改到另一天", count=len(self.moved))]
        same_day = [move for move in self.moves if move.before == move.after]
        if reminders := sum(move.was_provisional == move.is_provisional for move in same_day):
            lines.append(say("{count} 项到期日不变，提醒改到另一天", count=reminders))
        if self.moved:
            lines.append(
                say(
                    "原在 {first} 至 {last} 之间，改后在 {new_first} 至 {new_last} 之间",
                    first=min(move.before for move in self.moved).isoformat(),
                    last=max(move.before for move in self.moved).isoformat(),
                    new_first=min(move.after for move in self.moved).isoformat(),
                    new_last=max(move.after for move in self.moved).isoformat(),
                )
            )
        if settled:
            lines.append(say("{count} 项由暂定改为确定", count=settled))
        if self.overdue:
            lines.append(say("其中 {count} 项改后即已逾期", count=len(self.overdue)))
        return tuple(lines)


def with_year(time: DeadlineCalculator, data: YearData) -> DeadlineCalculator:
    """Return a calculator that counts with `data` as well."""
    return time.with_calendar(time.calendar.with_year(data))


def mark_of(data: YearData | None) -> str:
    """Return what tells what is known of a year from anything else: the digest of its text, nothing where it is not known."""
    return "" if data is None else hashlib.sha256(year_as_yaml(data).encode()).hexdigest()


def plan_change(
    services: Services,
    transaction: Transaction,
    now: datetime,
    data: YearData,
    old: DeadlineCalculator | None = None,
) -> CalendarChange:
    """Return what taking up `data` would bring where `old` counts, else what the program counts by. Changes nothing."""
    old = old or services.definitions.time
    time, before = with_year(old, data), old.calendar.year(data.year)
    moves = tuple(moved_deadlines(services, transaction, now, time))
    return CalendarChange(data, time, describe_change(before, data), moves, mark_of(before))


def file_of(folder: Path, year: int) -> Path:
    """Return the file of `folder` that holds `year`, whatever it is called; where none does, ``<year>.yaml``."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name != LOCAL and path.suffix in (".yaml", ".yml") and path.is_file():
            data, _ = read_year(str(path), read_file(path, CALENDAR))
            if data is not None and data.year == year:
                return path
    return folder / f"{year}.yaml"


def write_beside(file: Path, content: bytes) -> Path:
    """Write the text a file is to have beside it; returns where. Raises OSError: what the disk refuses, it refuses now.

    It tells the next command that something was begun, and is removed when that is done.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own: on a server two may take up a year at the same time.
    unfinished = file.with_name(f".{file.name}.{os.getpid()}-{get_ident()}.new")
    return prepare_file(file, content, unfinished=unfinished)


def announced_files(transaction: Transaction) -> dict[str, str]:
    """Return the texts of the files that are announced and perhaps not written yet, by name."""
    noted: Mapping[str, Any] = transaction.settings.get(PENDING) or {}
    # An earlier version announced one file at a time.
    return {noted["file"]: noted["text"]} if set(noted) == {"file", "text"} else dict(noted)


def announce_file(transaction: Transaction, file: Path, text: str) -> None:
    """Note that a file is to have this text, in the transaction that counts by it: the file follows the commit."""
    transaction.settings.put(PENDING, {**announced_files(transaction), file.name: text})


def with_announced(time: DeadlineCalculator, transaction: Transaction) -> DeadlineCalculator:
    """Return a calculator that counts with the years that were taken up and whose files are not written yet as well."""
    for name, text in announced_files(transaction).items():
        data, _ = read_year(name, text.encode())
        if data is not None:
            time = with_year(time, data)
    return time


def finish_change(store: Store, folder: Path) -> tuple[Path, ...]:
    """Bring changes of the calendar to their end: each file has its text, and is no longer announced. Raises OSError.

    Returns the files. One at a time does this, so that the text of a file is that of the newest transaction; whoever
    finds another at it leaves the rest to them, who look again before they end.
    """
    written: dict[str, Path] = {}
    while _announces(store):
        folder.mkdir(parents=True, exist_ok=True)
        held = FolderLock(folder, wait=False)
        try:
            if not held.taken:
                break
            for file in retry_on_conflict(lambda: _write_announced(store, folder)):
                written[file.name] = file
                for beside in folder.glob(f".{glob.escape(file.name)}.*.new"):
                    beside.unlink(missing_ok=True)
        finally:
            held.release()
    return tuple(written.values())


def _announces(store: Store) -> bool:
    with store.read() as transaction:
        return bool(announced_files(transaction))


def _write_announced(store: Store, folder: Path) -> list[Path]:
    with store.write() as transaction:
        # Another year that is announced meanwhile must not be taken back with those written here.
        transaction.serialize()
        written = [_written(folder / name, text) for name, text in announced_files(transaction).items()]
        transaction.settings.drop(PENDING)
        return written


def _written(file: Path, text: str) -> Path:
    content = text.encode()
    if not file.is_file() or file.stat().st_size != len(content) or read_file(file, CALENDAR) != content:
        replace_file(file, content)
    return file


def unadopted_files(transaction: Transaction, folder: Path) -> list[tuple[str, str]]:
    """Return name and digest of each file of the folder by which days are counted and which nobody has taken up by a command.

    The history has the digest of what was taken up, and two have agreed to it. `LOCAL`, which is
    written by hand, is always among them.
    """
    announced = announced_files(transaction)
    found = []
    for path in sorted(folder.glob("*.y*ml")):
        if path.suffix not in (".yaml", ".yml") or not path.is_file():
            continue
        content = read_file(path, CALENDAR)
        if path.name not in announced or announced[path.name].encode() != content:
            found.append((path.name, hashlib.sha256(content).hexdigest()))
    if found:
        adopted = {event.body.get("sha256") for event in history(transaction, STREAM)}
        found = [(name, digest) for name, digest in found if digest not in adopted]
    return found
