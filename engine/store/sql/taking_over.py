"""Stating what is there when statements begin, or when the columns of a table have changed: taken over, not proved."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.app.ports.audit.statements import TAKEN_OVER, statement_hash
from engine.lifecycle.chain import canonical
from engine.store.reports import MAX_REPORTS
from engine.store.row_parts import PARTS, TABLES
from engine.store.sql.repositories.statements import FEW, rows_of
from engine.store.sql.tables import event, row_statement
from engine.store.statement_draft import digest_of


def take_over(connection: Connection, tables: Collection[str]) -> None:
    """State the rows of `tables` as they are; with ``event``, also how far every history has come."""
    if "event" in tables:
        for page in _heads(connection):
            _add(connection, page, [])
    for table in TABLES:
        if table not in tables:
            continue
        width = len(TABLES[table].key)
        for rows in rows_of(connection, table, FEW if TABLES[table].binary else MAX_REPORTS):
            stated = [
                [part.name, list(row[:width]), digest_of(part, row)] for row in rows for part in PARTS[table]
            ]
            _add(connection, [], stated)


def _heads(connection: Connection) -> Iterator[list[Any]]:
    after = ""
    while True:
        newest = (
            select(event.c.stream, func.max(event.c.seq).label("seq"))
            .where(event.c.stream > after)
            .group_by(event.c.stream)
            .order_by(event.c.stream)
            .limit(MAX_REPORTS)
            .subquery()
        )
        query = (
            select(event.c.stream, event.c.seq, event.c.hash)
            .join(newest, (event.c.stream == newest.c.stream) & (event.c.seq == newest.c.seq))
            .order_by(event.c.stream)
        )
        page = [[stream, 1, seq, head] for stream, seq, head in connection.execute(query)]
        if not page:
            return
        yield page
        after = page[-1][0]


def _add(connection: Connection, events: list[Any], rows: list[Any]) -> None:
    made = (canonical(events), canonical(rows))
    connection.execute(
        insert(row_statement).values(
            kind=TAKEN_OVER, events=made[0], rows=made[1], hash=statement_hash(TAKEN_OVER, *made)
        )
    )
