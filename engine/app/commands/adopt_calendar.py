"""Taking up a new calendar year: what it moves, and putting it in force for everything that is running."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.commands import recompute
from engine.app.commands.recompute import MovedDeadline
from engine.app.history.journal import add_entry
from engine.calendars.import_file import describe_change
from engine.calendars.load import LOCAL
from engine.calendars.yaml_year import read_year, year_as_yaml
from engine.language import Message, say
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from engine.app.services import Services

#: The history in which new years stand.
STREAM = "calendar"


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


def plan_change(services: Services, data: YearData) -> CalendarChange:
    """Return what taking up `data` would bring. Changes nothing."""
    old = services.definitions.time
    time = old.with_calendar(old.calendar.with_year(data))
    changes = describe_change(old.calendar.year(data.year), data)
    return CalendarChange(data, time, changes, tuple(recompute.preview(services, time)))


def adopt(
    services: Services, folder: Path, found: CalendarChange, by: str
) -> tuple[Path, Sequence[MovedDeadline]]:
    """Write the year into `folder`, count every running deadline again, note it in the history.

    Returns the file and what moved. Broken off half-way, it can simply be done again. Raises OSError where the
    folder cannot be written.
    """
    text = year_as_yaml(found.data).encode()
    file = file_of(folder, found.data.year)
    folder.mkdir(parents=True, exist_ok=True)
    _write(file, text)
    moves = recompute.apply(services, found.time, by)
    body: dict[str, Any] = {
        "year": found.data.year,
        "source": found.data.source,
        "file": file.name,
        "sha256": hashlib.sha256(text).hexdigest(),
        "calendar": found.time.calendar.version,
        "moved": sum(move.before != move.after for move in moves),
        "overdue": sum(move.becomes_overdue for move in moves),
    }
    with services.store.write() as transaction:
        add_entry(transaction, services.clock.now(), "calendar", by, body, stream=STREAM)
    return file, moves


def file_of(folder: Path, year: int) -> Path:
    """Return the file of `folder` that holds `year`, whatever it is called; where none does, ``<year>.yaml``."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name != LOCAL and path.suffix in (".yaml", ".yml") and path.is_file():
            data, _ = read_year(str(path), path.read_bytes())
            if data is not None and data.year == year:
                return path
    return folder / f"{year}.yaml"


def _write(file: Path, content: bytes) -> None:
    """Replace a file whole: whoever reads it meanwhile sees the old text or the new one."""
    unfinished = file.with_name(f".{file.name}.new")
    with unfinished.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(file)
