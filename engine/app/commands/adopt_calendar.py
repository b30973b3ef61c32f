"""Taking up a new calendar year: its file, and every running deadline counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, command, refused
from engine.app.execution.calendar_change import file_of, replace_file, with_year
from engine.app.execution.recompute import MovedDeadline, recount_all
from engine.calendars.unusual import DayConfirmation, settle_year, why_unconfirmed
from engine.calendars.yaml_year import year_as_yaml
from engine.kernel.refusal import RefusalReason
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

__all__ = ["AdoptedYear", "DayConfirmation", "MovedDeadline", "adopt_year"]

#: The history in which new years stand.
STREAM = "calendar"


@dataclass(frozen=True, slots=True)
class AdoptedYear:
    """A year that was taken up."""

    file: Path
    moves: Sequence[MovedDeadline]


@command("calendar.change")
def adopt_year(
    context: CommandContext,
    folder: Path,
    data: YearData,
    in_force: Callable[[], DeadlineCalculator],
    confirm: Sequence[DayConfirmation] = (),
) -> AdoptedYear:
    """Count every running deadline again with the year, write it into `folder`, enter it into the history "calendar".

    All of it in one transaction, in which `in_force` reads the calendar of the deployment: of two people who take up
    a year at the same time, the second counts from what the first has left. The file is replaced last; where the transaction then cannot be committed, the daemon takes the
    file up. `confirm` are unusual days that are right as they are; they are written into the file and the history, and a later file of
    the same year need not confirm them again. Raises OSError where the folder cannot be written.
    """
    services, now_in_force = context.services, in_force()
    settled = settle_year(data, now_in_force.calendar.year(data.year), confirm, context.by)
    if isinstance(settled, RefusalReason):
        raise refused(settled)
    if (unconfirmed := why_unconfirmed(settled)) is not None:
        raise refused(unconfirmed)
    data, time = settled, with_year(now_in_force, settled)
    text = year_as_yaml(data).encode()
    file = file_of(folder, data.year)
    moves = recount_all(services, context.transaction, context.now, time, context.by)
    body = {
        "year": data.year,
        "source": data.source,
        "file": file.name,
        "sha256": hashlib.sha256(text).hexdigest(),
        "calendar": time.calendar.version,
        "moved": sum(move.before != move.after for move in moves),
        "overdue": sum(move.becomes_overdue for move in moves),
    }
    if data.confirmed:
        body["confirmed"] = [
            {"day": one.day.isoformat(), "rule": one.rule, "by": one.by, "reason": one.reason}
            for one in data.confirmed
        ]
    context.record("calendar", body, stream=STREAM)
    if not context.caller.dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        replace_file(file, text)
        context.afterwards.append(lambda: services.definitions.retime(time))
    return AdoptedYear(file, moves)
