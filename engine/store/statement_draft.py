"""Making the row statement of what a transaction has reported.

It runs with every step: what a row needs is done by functions written in C, without a call of Python for each row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from engine.app.ports.audit.statements import WAS, WRITTEN, RowPart, statement_hash
from engine.lifecycle.chain import canonical, ready_encoder
from engine.store.reports import BEFORE, EVENTS, REMOVED, ROWS, Report
from engine.store.row_parts import PART, PARTS, TABLES

_cells: Mapping[str, Any] = {name: itemgetter(*part.places) for name, part in PART.items()}


def _converted(part: RowPart) -> tuple[tuple[int, bool], ...]:
    """Return the places of flags (True) and of bytes (False) among the values of a part."""
    table = TABLES[part.table]
    return tuple(
        (place, column in table.flags)
        for place, column in enumerate(part.columns)
        if column in table.flags or column in table.binary
    )


_CONVERTED: Mapping[str, tuple[tuple[int, bool], ...]] = {
    name: found for name, part in PART.items() if (found := _converted(part))
}


_BINARY = frozenset(name for name, part in PART.items() if TABLES[part.table].binary)


#: table -> what is stated of each part of its rows: name, width of the key, its values, whether there are bytes among them.
_WHOLE: Mapping[str, tuple[tuple[str, int, Any, bool], ...]] = {
    table: tuple((part.name, part.key, _cells[part.name], part.name in _BINARY) for part in parts)
    for table, parts in PARTS.items()
}


def digest_of(part: RowPart, row: Sequence[Any]) -> str:
    """Return the digest of a part of a row, given all columns of its table: bytes by their SHA-256, flags as flags."""
    name = part.name
    cells = _as_hashed(name, _cells[name](row)) if name in _CONVERTED else _cells[name](row)
    return hashlib.sha256(canonical([name, *cells]).encode()).hexdigest()


def _as_hashed(name: str, cells: Sequence[Any]) -> list[Any]:
    made = list(cells)
    for place, flag in _CONVERTED[name]:
        if flag and made[place] not in (0, 1):
            raise ValueError(made[place])
        made[place] = bool(made[place]) if flag else hashlib.sha256(made[place]).hexdigest()
    return made


def _as_found(table: str, rows: Sequence[Sequence[Any]]) -> list[tuple[str, Sequence[Any], str]]:
    """Return what is stated of rows that are about to be written over."""
    return [(WAS + part.name, row[: part.key], digest_of(part, row)) for part in PARTS[table] for row in rows]


def statement_of(reports: Iterable[Report]) -> tuple[str, str, str, str]:
    """Return the columns of the statement of reports but its position."""
    streams: dict[str, list[Any]] = {}
    stated: list[Any] = []
    encode, sha256, add = ready_encoder, hashlib.sha256, stated.append
    for kind, what, rows in reports:
        if kind == EVENTS:
            for event in rows:
                known = streams.get(event.stream)
                if known is None:
                    streams[event.stream] = [event.stream, event.seq, event.seq, event.hash]
                else:
                    known[2:] = event.seq, event.hash
            continue
        if kind in (REMOVED, BEFORE):
            stated += _as_found(what, rows) if kind == BEFORE else [(what, key, None) for key in rows]
            continue
        if kind != ROWS:
            part = PART[what]
            for row in rows:
                values = _as_hashed(what, row) if what in _BINARY else row
                add((what, row[: part.key], sha256("".join(encode((what, *values), 0)).encode()).hexdigest()))
            continue
        for name, width, cells, binary in _WHOLE[what]:
            for row in rows:
                values = cells(row)
                key = values[:width]
                if binary:
                    values = _as_hashed(name, values)
                add((name, key, sha256("".join(encode((name, *values), 0)).encode()).hexdigest()))
    events = "".join(encode([*streams.values()], 0))
    text = "".join(encode(stated, 0))
    return WRITTEN, events, text, statement_hash(WRITTEN, events, text)
