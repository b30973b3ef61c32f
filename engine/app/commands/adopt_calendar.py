"""Taking up a new calendar year: its file, and every running deadline counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, command
from engine.app.execution.calendar_change import YearFile, file_of, with_year
from engine.app.execution.recompute import MovedDeadline, recount_all
from engine.calendars.yaml_year import year_as_yaml
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

__all__ = ["AdoptedYear", "MovedDeadline", "adopt_year"]

#: The history in which new years stand.
STREAM = "calendar"


@dataclass(frozen=True, slots=True)
class AdoptedYear:
    """A year that was taken up."""

    file: Path
    moves: Sequence[MovedDeadline]


@command("calendar.change")
def adopt_year(
    context: CommandContext, folder: Path, data: YearData, in_force: Callable[[], DeadlineCalculator]
) -> AdoptedYear:
    """Count every running deadline again with the year, write it into `folder`, enter it into the history "calendar".

    All of it in one transaction, in which `in_force` reads the calendar of the deployment: of two people who take up
    a year at the same time, the second counts from what the first has left. The file is written before the
    transaction is committed and put in its place after it; where the process dies between, the next command does that.
    Raises OSError where the folder cannot be written.
    """
    services, time = context.services, with_year(in_force(), data)
    text = year_as_yaml(data).encode()
    file = file_of(folder, data.year)
    moves = recount_all(services, context.transaction, context.now, time, context.by)
    digest = hashlib.sha256(text).hexdigest()
    body = {
        "year": data.year,
        "source": data.source,
        "file": file.name,
        "sha256": digest,
        "calendar": time.calendar.version,
        "moved": sum(move.before != move.after for move in moves),
        "overdue": sum(move.becomes_overdue for move in moves),
    }
    context.record("calendar", body, stream=STREAM)
    if not context.caller.dry_run:
        entry = context.transaction.events.last(STREAM)
        year = YearFile(file, text, STREAM, entry.seq if entry else 0, digest)
        context.afterwards.append(year.put)
        context.afterwards.append(lambda: services.definitions.retime(time))
    return AdoptedYear(file, moves)
