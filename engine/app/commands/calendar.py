"""Taking up a new calendar year: its file, and every running deadline counted again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.proposals import SecondPerson
from engine.app.execution.calendar_change import (
    STREAM,
    announce_file,
    file_of,
    finish_change,
    mark_of,
    with_announced,
    with_year,
    write_beside,
)
from engine.app.execution.recompute import MovedDeadline, recount_all
from engine.calendars.unusual import DayConfirmation, settle_year, why_unconfirmed
from engine.calendars.yaml_year import year_as_yaml
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.worktime.calendar import YearData

if TYPE_CHECKING:
    from engine.app.services import Services
    from engine.lifecycle.deadlines.schedule import DeadlineCalculator

__all__ = ["AdoptedYear", "DayConfirmation", "MovedDeadline", "adopt_year"]


@dataclass(frozen=True, slots=True)
class AdoptedYear:
    """A year that was taken up."""

    file: Path
    moves: Sequence[MovedDeadline]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"file": str(self.file), "moves": [move.as_json() for move in self.moves]}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> AdoptedYear:
        """Return what `as_json` wrote."""
        return cls(Path(body["file"]), [MovedDeadline.from_json(move) for move in body["moves"]])


def _asked(
    folder: Path,
    data: YearData,
    in_force: Callable[[], DeadlineCalculator],  # noqa: ARG001 - read
    confirm: Sequence[DayConfirmation] = (),
    instead_of: str | None = None,  # noqa: ARG001 - what was looked at is no part of what is asked
) -> dict[str, Any]:
    confirmed = {"confirm": [one.as_json() for one in confirm]} if confirm else {}
    return {"year": data.year, "folder": str(folder), "text": year_as_yaml(data), **confirmed}


def _two_agree(
    context: CommandContext,  # noqa: ARG001 - every calendar is agreed to
    folder: Path,  # noqa: ARG001
    data: YearData,
    in_force: Callable[[], DeadlineCalculator],  # noqa: ARG001
    confirm: Sequence[DayConfirmation] = (),
    instead_of: str | None = None,  # noqa: ARG001
) -> SecondPerson:
    days = [one.day.isoformat() for one in confirm]
    return SecondPerson(
        say("采用 {year} 年日历", year=data.year),
        about=str(data.year),
        summary={
            "source": data.source,
            "sha256": hashlib.sha256(year_as_yaml(data).encode()).hexdigest(),
            "confirmed": days,
        },
    )


@command("calendar.change", decode=AdoptedYear.from_json, asked=_asked, second=_two_agree)
def adopt_year(
    context: CommandContext,
    folder: Path,
    data: YearData,
    in_force: Callable[[], DeadlineCalculator],
    confirm: Sequence[DayConfirmation] = (),
    instead_of: str | None = None,
) -> AdoptedYear:
    """Count every running deadline again with the year, write it into `folder`, enter it into the history "calendar".

    All of it in one transaction, in which `in_force` reads the calendar of the deployment: of two people who take up
    a year at the same time, the second counts from what the first has left. The file cannot be part of a transaction:
    its text is announced there, written beside the file before, and put in its place after. Where a process dies in
    between, whoever comes next does that (`finish_change`). `confirm` are unusual days that are right as they are; they
    are written into the file and the history, and a later file of the same year need not confirm them again.
    `instead_of` is what the preview said that holds for the year (`CalendarChange.instead_of`): where somebody has taken
    up another text of it since, nobody's is replaced without having been seen. Raises OSError where the folder cannot be
    written.
    """
    services, transaction = context.services, context.transaction
    # What an earlier change has announced holds already, also where its file is not written yet.
    now_in_force = with_announced(in_force(), transaction)
    holds = now_in_force.calendar.year(data.year)
    if instead_of is not None and instead_of != mark_of(holds):
        raise refused(_overtaken(data.year, holds))
    settled = settle_year(data, holds, confirm, context.by)
    if isinstance(settled, RefusalReason):
        raise refused(settled)
    if (unconfirmed := why_unconfirmed(settled)) is not None:
        raise refused(unconfirmed)
    data, time = settled, with_year(now_in_force, settled)
    text = year_as_yaml(data)
    file = file_of(folder, data.year)
    moves = recount_all(services, transaction, context.now, time, context.by)
    body = {
        "year": data.year,
        "source": data.source,
        "file": file.name,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
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
        announce_file(transaction, file, text)
        # Written beside it now: what the disk refuses, it refuses before anything is kept.
        write_beside(file, text.encode())
        context.afterwards += [
            lambda: services.definitions.retime(time),
            lambda: _finish(services, folder),
        ]
    return AdoptedYear(file, moves)


def _overtaken(year: int, holds: YearData | None) -> RefusalReason:
    source = (holds.source or holds.title) if holds is not None else ""
    message = say(
        "{year} 年的日历在您查看以后已被别人改过（现为“{source}”）；请重新查看会改动什么，再决定是否采用",
        year=year,
        source=source,
    )
    return RefusalReason("overtaken", message)


def _finish(services: Services, folder: Path) -> None:
    finish_change(services.store, folder)
