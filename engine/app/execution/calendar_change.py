"""A new calendar year: what taking it up would bring, and its file in the folder of calendars."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.execution.recompute import MovedDeadline, moved_deadlines
from engine.app.history.retry import retry_on_conflict
from engine.calendars.import_file import describe_change
from engine.calendars.load import LOCAL
from engine.calendars.yaml_year import read_year
from engine.files.reading import read_file
from engine.kernel.budget import CALENDAR
from engine.language import Message, say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.ports.store import Store, Transaction
    from engine.app.services import Services


#: The setting that announces the text of a file of the folder as soon as its writer comes to it.
PENDING = "calendar/pending"


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A year that may be taken up, and what it would bring."""

    data: YearData
    time: DeadlineCalculator
    changes: tuple[Message, ...]
    moves: tuple[MovedDeadline, ...]

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


def plan_change(
    services: Services, transaction: Transaction, now: datetime, data: YearData
) -> CalendarChange:
    """Return what taking up `data` would bring. Changes nothing."""
    old = services.definitions.time
    time = with_year(old, data)
    changes = describe_change(old.calendar.year(data.year), data)
    return CalendarChange(data, time, changes, tuple(moved_deadlines(services, transaction, now, time)))


def file_of(folder: Path, year: int) -> Path:
    """Return the file of `folder` that holds `year`, whatever it is called; where none does, ``<year>.yaml``."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name != LOCAL and path.suffix in (".yaml", ".yml") and path.is_file():
            data, _ = read_year(str(path), read_file(path, CALENDAR))
            if data is not None and data.year == year:
                return path
    return folder / f"{year}.yaml"


def _beside(file: Path) -> Path:
    return file.with_name(f".{file.name}.new")


def write_beside(file: Path, content: bytes) -> Path:
    """Write the new text of a file beside it; returns where. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(file)
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    return unfinished


def announce_file(transaction: Transaction, file: Path, text: str) -> None:
    """Note that a file is to have this text, in the transaction that counts by it: the file follows the commit."""
    transaction.settings.put(PENDING, {"file": file.name, "text": text})


def write_announced(transaction: Transaction, folder: Path) -> Path | None:
    """Give the file that was announced its text, where a process died before it did; returns the file. Raises OSError."""
    noted: Mapping[str, str] | None = transaction.settings.get(PENDING)
    if noted is None:
        return None
    file, content = folder / noted["file"], noted["text"].encode()
    if not file.is_file() or file.stat().st_size != len(content) or read_file(file, CALENDAR) != content:
        write_beside(file, content).replace(file)
    _beside(file).unlink(missing_ok=True)
    return file


def finish_change(store: Store, folder: Path) -> Path | None:
    """Bring a change of the calendar to its end: the file has its text, and is no longer announced. Raises OSError."""

    def transact() -> Path | None:
        with store.read() as transaction:
            if transaction.settings.get(PENDING) is None:
                return None
        with store.write() as transaction:
            file = write_announced(transaction, folder)
            if file is not None:
                transaction.settings.drop(PENDING)
            return file

    return retry_on_conflict(transact)
