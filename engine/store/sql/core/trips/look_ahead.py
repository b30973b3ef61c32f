"""What a command on a case asks before it decides: the statement."""

from __future__ import annotations

from functools import cache

from sqlalchemy import String, exists, func, literal_column, select

from engine.store.sql.building import ONE, bind
from engine.store.sql.core.events import newest_hashes
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.tables import case, daemon, draft, event, idempotency_key

_OF_CASE = 'FROM task WHERE task.case_id = "case".id)'
#: The keys of the tasks of the case, a line each.
_HOLDERS = literal_column(f'(SELECT group_concat(task."key", char(10)) {_OF_CASE}', String)
_HOLDERS_ON_SERVER = literal_column(f'(SELECT string_agg(task."key", chr(10)) {_OF_CASE}', String)


@cache
def looking_ahead(streams: int, on_server: bool) -> PreparedStatement:
    """Return the query for so many histories. The case is locked by it, as by the query for the case alone."""
    there = exists(
        select(ONE).where(
            draft.c.person == bind(draft, "person"),
            draft.c.case_id == bind(draft, "case_id", "drafted"),
            draft.c.step == bind(draft, "step"),
        )
    )
    query = (
        select(
            *idempotency_key.c,
            select(func.max(daemon.c.at)).scalar_subquery(),
            there,
            select(event.c.hash)
            .where(event.c.stream == case.c.id, event.c.seq == case.c.rev)
            .scalar_subquery(),
            _HOLDERS_ON_SERVER if on_server else _HOLDERS,
            *newest_hashes(streams),
            *case.c,
        )
        .select_from(
            case.outerjoin(idempotency_key, idempotency_key.c.id == bind(idempotency_key, "id", "request"))
        )
        .where(case.c.id == bind(case, "id", "about"))
        .with_for_update(of=case)
    )
    names = (f"stream_{number}" for number in range(streams))
    return PreparedStatement(query, "person", "drafted", "step", *names, "request", "about")
