"""Papers, numbers of series and kept files as rows and back. The columns are those of `engine.store.sql.tables`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from engine.app.ports.papers import KeptFile, NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.kernel.instants import from_text
from engine.store.codec import from_json, stamp, to_json

Row = tuple[Any, ...]


def paper_row(paper: PaperRecord) -> Row:
    """Return the columns of a paper."""
    facts = [[f.state.value, f.on.isoformat(), stamp(f.at), f.by, f.note] for f in paper.facts]
    return (
        paper.id,
        paper.case,
        stamp(paper.facts[0].at),
        paper.kind,
        paper.document,
        paper.state.value,
        paper.number,
        paper.replaces,
        to_json(facts),
    )


def paper_of(row: Sequence[Any]) -> PaperRecord:
    """Return the paper of its columns."""
    return PaperRecord(
        id=row[0],
        case=row[1],
        kind=row[3],
        document=row[4],
        number=row[6],
        replaces=row[7],
        facts=tuple(
            PaperFact(PaperState(state), date.fromisoformat(on), from_text(at), by, note)
            for state, on, at, by, note in from_json(row[8])
        ),
    )


def number_row(number: PaperNumber) -> Row:
    """Return the columns of a number of a series."""
    return (
        number.series,
        number.year,
        number.number,
        number.text,
        number.status.value,
        number.paper,
        None if number.on is None else number.on.isoformat(),
        number.by,
        number.out_of_order,
        number.reason,
    )


def number_of(row: Sequence[Any]) -> PaperNumber:
    """Return the number of its columns."""
    return PaperNumber(
        series=row[0],
        year=row[1],
        number=row[2],
        text=row[3],
        status=NumberStatus(row[4]),
        paper=row[5],
        on=None if row[6] is None else date.fromisoformat(row[6]),
        by=row[7],
        out_of_order=bool(row[8]),
        reason=row[9],
    )


def file_row(file: KeptFile) -> Row:
    """Return the columns of a kept file."""
    return (
        file.id,
        file.case,
        file.title,
        file.name,
        file.sha256,
        file.size,
        file.type,
        stamp(file.at),
        file.by,
    )


def file_of(row: Sequence[Any]) -> KeptFile:
    """Return the kept file of its columns."""
    return KeptFile(
        id=row[0],
        case=row[1],
        title=row[2],
        name=row[3],
        sha256=row[4],
        size=row[5],
        type=row[6],
        at=from_text(row[7]),
        by=row[8],
    )
