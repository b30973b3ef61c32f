"""Workbooks for platforms: rows, what is wrong with them, what differs from a file of the platform, what it answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.definitions.codes import unknown_section, unknown_workflow
from engine.app.definitions.exchange_versions import unknown_names
from engine.app.definitions.published_files import why_not_published
from engine.app.exchange.receipts import digest_of, exchanged, key_text
from engine.app.exchange.rows import FormatRows, RowMaker, RowsWanted
from engine.app.registers.private_columns import private_columns_of
from engine.app.reports.reports import instant_in, progress, standings
from engine.app.reports.statistics import table_of
from engine.definition.file_discovery import EXCHANGE
from engine.exchange.formats import CellKind, RowsOf
from engine.exchange.outline import KnownColumn
from engine.exchange.rows import CellDifference, differences
from engine.kernel.refusal import Refusal
from engine.lifecycle.model.form import FieldType
from engine.register.profile import KINDS

if TYPE_CHECKING:
    from engine.exchange.formats import ExchangeFormat
    from engine.exchange.rows import WorkbookRows

__all__ = [
    "ExchangeState",
    "FormatRows",
    "RowsWanted",
    "check_own_format",
    "compare_rows",
    "exchange_rows",
    "exchange_state",
    "named_values",
    "titled_fields",
]

#: What a field of a form is in a cell, where it is no text.
_CELLS = {
    FieldType.DATE: CellKind.DATE,
    FieldType.DATETIME: CellKind.DATETIME,
    FieldType.INTEGER: CellKind.INTEGER,
    FieldType.DECIMAL: CellKind.DECIMAL,
    FieldType.MONEY: CellKind.DECIMAL,
    FieldType.LIST: CellKind.LIST,
    FieldType.CHOICES: CellKind.LIST,
    FieldType.PERSONS: CellKind.LIST,
}


@dataclass(frozen=True, slots=True)
class ExchangeState:
    """How far the rows of a format have come."""

    rows: int
    faulty: int
    exported: int
    #: Exported, and otherwise now.
    changed: int
    received: int

    def as_json(self) -> dict[str, int]:
        """Return plain values."""
        return {
            "rows": self.rows,
            "faulty": self.faulty,
            "exported": self.exported,
            "changed": self.changed,
            "received": self.received,
        }


@query("exchange.read")
def exchange_rows(context: QueryContext, used: ExchangeFormat, wanted: RowsWanted) -> FormatRows | Refusal:
    """Return the rows of a format the viewer sees, with what the platform gave, and what is wrong with them."""
    if (unknown := _unknown(context, used, wanted)) is not None:
        return unknown
    made = _shown_rows(context, used, wanted)
    found = exchanged(context.transaction, used).filled(used, made.rows)
    sections = context.bureau.sections if context.bureau is not None else {}
    notes = unknown_names(context.transaction, context.source.definitions, used, sections)
    return FormatRows(replace(found, notes=(*found.notes, *notes)), made.looked_at)


@query("exchange.read")
def check_own_format(context: QueryContext, used: ExchangeFormat) -> Refusal | None:
    """Return why a format of the office's own may not be exported by: nobody published it; None where it may."""
    reason = why_not_published(context.transaction, EXCHANGE, used.sha256)
    return None if reason is None else Refusal(None, "", (reason,))


@query("exchange.read")
def compare_rows(
    context: QueryContext, used: ExchangeFormat, wanted: RowsWanted, theirs: WorkbookRows
) -> Sequence[CellDifference] | Refusal:
    """Return every cell in which a file of the platform and our rows differ."""
    if (unknown := _unknown(context, used, wanted)) is not None:
        return unknown
    return differences(used, theirs.rows, _shown_rows(context, used, wanted).rows.rows)


@query("exchange.read")
def exchange_state(
    context: QueryContext, used: ExchangeFormat, wanted: RowsWanted
) -> ExchangeState | Refusal:
    """Return how many rows there are, were exported, have changed since, and have come back."""
    if (unknown := _unknown(context, used, wanted)) is not None:
        return unknown
    known = exchanged(context.transaction, used)
    made = _rows(context, used, wanted).rows
    digests = {key_text(row.key(used)): digest_of(used, row) for row in made.rows}
    return ExchangeState(
        rows=len(made.rows),
        faulty=len({problem.row for problem in made.problems}),
        exported=sum(key in known.exported for key in digests),
        changed=sum(known.exported.get(key, digest) != digest for key, digest in digests.items()),
        received=sum(key in known.received for key in digests),
    )


@query("report.read")
def named_values(
    context: QueryContext, year: int | None = None
) -> Mapping[str, str | int | Fraction] | Refusal:
    """Return what ``{{name}}`` in a superior's workbook may stand for: the measures of a year, and how far cases have come."""
    bureau = context.bureau
    if bureau is None:
        return {}
    zone = context.source.definitions.time.zone
    now = instant_in(year, context.now, zone)
    found: dict[str, str | int | Fraction] = {
        "bureau": bureau.title,
        "year": now.astimezone(zone).year,
        "today": context.now.astimezone(zone).date().isoformat(),
    }
    for one in standings(context.transaction, bureau, now, zone, context.source.definitions):
        shown = one.as_json()
        found[one.id] = shown["percent"]
        found[f"{one.id}.part"] = _number(one.measure.part)
        if not one.measure.alone:
            found[f"{one.id}.whole"] = _number(one.measure.whole)
        if one.target is not None:
            found[f"{one.id}.target"] = one.target
    for far in progress(context.source.definitions, context.transaction, now, zone):
        found |= {
            f"{far.workflow}.opened": far.opened,
            f"{far.workflow}.closed": far.closed,
            f"{far.workflow}.open": far.opened - far.closed,
            f"{far.workflow}.late": far.late,
        }
    for table in bureau.statistics.values():
        total = table_of(
            context.transaction,
            context.source.definitions,
            bureau,
            table,
            next(iter(table.groups)),
            now,
            zone,
        )[-1]
        found |= {
            f"{table.id}.{column}": total.shown(column)
            if total.cells[column][1] is not None
            else total.cells[column][0]
            for column in table.columns
        }
    return found


@query("exchange.read")
def titled_fields(context: QueryContext, of: str) -> Sequence[KnownColumn] | Refusal:
    """Return the fields of a workflow and its forms by their titles: what a new format can be made of.

    Of a register they are none: its columns are known.
    """
    if of in KINDS:
        return []
    published = dict.fromkeys(one.workflow for one in context.transaction.definitions.versions())
    if (unknown := unknown_workflow([*published, *KINDS], of)) is not None:
        return unknown
    process = context.source.definitions.latest(context.transaction, of)
    if process is None:
        return []
    fields = [(f"case.{one.name}", one) for one in process.workflow.fields.values()]
    for name in process.workflow.forms:
        fields += [(f"forms.{name}.{one.name}", one) for one in process.form(name).fields]
    return [
        KnownColumn((one.title,), path, _CELLS.get(one.type, CellKind.TEXT), tuple(one.choices or ()))
        for path, one in fields
    ]


def _number(value: int | Fraction) -> int | Fraction:
    return int(value) if value == int(value) else Fraction(value)


def _shown_rows(context: QueryContext, used: ExchangeFormat, wanted: RowsWanted) -> FormatRows:
    """Return the rows of a format, whose personal values are shown: who sees them is recorded."""
    maker = _maker(context, used)
    found = maker.rows(used, wanted)
    context.shows_personal(f"exchange/{used.id}", maker.shown, maker.shown_rows)
    return found


def _rows(context: QueryContext, used: ExchangeFormat, wanted: RowsWanted) -> FormatRows:
    """Return the rows of a format, of which nothing but counts is shown."""
    return _maker(context, used).rows(used, wanted)


def _maker(context: QueryContext, used: ExchangeFormat) -> RowMaker:
    private = private_columns_of(context, used.rows.of if used.rows.kind is RowsOf.REGISTER else "objects")
    return RowMaker(
        context.transaction,
        context.source.definitions,
        context.bureau,
        context.now,
        context.visible,
        private,
    )


def _unknown(context: QueryContext, used: ExchangeFormat, wanted: RowsWanted) -> Refusal | None:
    if wanted.section is not None and (wrong := unknown_section(context.bureau, wanted.section)) is not None:
        return wrong
    if used.rows.kind is not RowsOf.CASES:
        return None
    published = dict.fromkeys(one.workflow for one in context.transaction.definitions.versions())
    return unknown_workflow(published, used.rows.of)
