"""A draw as it is shown: of an embargoed draw, before it is revealed, neither the list nor the codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.draws.records import record_of
from engine.app.draws.refusals import Attempt, attempts
from engine.draw.drawing import revealed
from engine.draw.log import read_log
from engine.draw.record import DrawRecord

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow

#: Entries of a log that name nobody who was drawn and hold no code.
_PUBLIC_ENTRIES = frozenset({"commit", "entropy", "draw", "publish", "void"})


@dataclass(frozen=True, slots=True)
class DrawSummary:
    """One line of the list of draws."""

    case: str
    number: int
    status: str
    #: How many objects are to be visited.
    drawn: int
    #: What the case is called.
    title: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"case": self.case, "number": self.number, "status": self.status, "drawn": self.drawn}


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw. Where it is `embargoed`, `record` has no list, no codes and no log entry that names them."""

    case: str
    number: int
    status: str
    record: DrawRecord
    embargoed: bool
    #: Refused attempts; those after an embargoed draw without their reasons, which may name who was drawn.
    attempts: tuple[Attempt, ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        head: dict[str, Any] = {"case": self.case, "number": self.number, "status": self.status}
        return {**head, **self.record.to_json()}


def summary_of(row: DrawRow, title: str = "") -> DrawSummary:
    """Return the summary of a stored draw of a case called `title`."""
    return DrawSummary(row.case, row.number, row.status, int(row.record.get("drawn", 0)), title)


def view_of(row: DrawRow) -> DrawView:
    """Return a stored draw as it may be shown now. Raises `DrawRefused` where it cannot be read."""
    record = record_of(row)
    refused = tuple(attempts(record))
    kinds = [entry.kind for entry in read_log(record.log)[0]]
    # Before anything is drawn there is nothing to hide: the codes are given with the draw. The log of an embargoed
    # draw begins with that of the void ones before it, whose lists stay hidden too.
    hidden = "draw" in kinds and not revealed(record)
    if hidden:
        before = kinds[: kinds.index("draw")].count("refused")
        record = without_outcome(record)
        refused = (*refused[:before], *(replace(one, reasons=()) for one in refused[before:]))
    return DrawView(row.case, row.number, row.status, record, hidden, refused)


def without_outcome(record: DrawRecord) -> DrawRecord:
    """Return a record without what was drawn, the codes, and the log entries that name them."""
    return replace(
        record,
        codes=(),
        selection=None,
        removals=(),
        visits=(),
        assignments=(),
        replacements=(),
        log=tuple(_public_lines(record)),
    )


def _public_lines(record: DrawRecord) -> Iterator[str]:
    entries, _ = read_log(record.log)
    for line, entry in zip(record.log, entries, strict=False):
        if entry.kind in _PUBLIC_ENTRIES:
            yield line
