"""Firms: found by name, code or telephone, and the file of one over the years."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.papers.firm import present_firm
from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import unknown_entries
from engine.app.registers.private_columns import note_shown, private_columns_of
from engine.app.reports.firm_file import (
    OBJECTS,
    FirmCase,
    FirmFile,
    firm_cases,
    former_of,
    found_firms,
    ledger_of,
)
from engine.kernel.clean_text import clean_code
from engine.kernel.refusal import Refusal

__all__ = ["FirmCase", "FirmFile", "RegisterEntry", "search_firms", "show_firm"]

#: Firms a search returns at most.
MAX_FOUND = 50


@query("case.read")
def search_firms(context: QueryContext, text: str) -> Sequence[RegisterEntry]:
    """Return the firms whose name, code or telephone has `text` in it, those it names whole first."""
    private = private_columns_of(context, OBJECTS)
    found = found_firms(context.transaction.registers.all(OBJECTS), text, private.without)[:MAX_FOUND]
    note_shown(context, private, OBJECTS, found)
    return found


@query("case.read")
def show_firm(context: QueryContext, code: str) -> FirmFile | Refusal:
    """Return the file of a firm by a code it has or had: every case about it that the viewer sees, over all years."""
    code = clean_code(code)
    transaction = context.transaction
    entry = present_firm(transaction, code)
    shown = None
    if entry is not None:
        private = private_columns_of(context, OBJECTS)
        note_shown(context, private, f"{OBJECTS}/{entry.id}", [entry])
        shown = private.without(entry)
    codes = [code] if entry is None else list(entry.codes)
    zone = context.source.definitions.time.zone
    cases, hidden = firm_cases(transaction, context.source.definitions, codes, context.lists, zone)
    ledger = ledger_of(transaction, codes)
    if entry is None and not cases and not ledger and not hidden:
        return Refusal(None, "", (unknown_entries(OBJECTS, [code]),))
    name = entry.name if entry is not None else (cases[0].title if cases else code)
    former = former_of(entry) if entry is not None else []
    return FirmFile(shown, codes[0], name, former, cases, ledger, hidden)
