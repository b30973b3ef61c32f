"""What a command on a case asks before it decides, fetched by one query: a trip to the server instead of five."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import String, exists, func, literal_column, select

from engine.store.sql.prepared import ONE, DriverConnection, PreparedStatement, bind
from engine.store.sql.repositories.events import newest_hashes
from engine.store.sql.tables import case, daemon, draft, event, idempotency_key

if TYPE_CHECKING:
    from engine.app.ports.drafts import DraftKey

_RECEIPT = len(idempotency_key.c)
#: Where the newest events of the histories begin, and the number of the case's own among its columns.
_NEWEST = _RECEIPT + 4
_REV = tuple(case.c.keys()).index("rev")
_NOBODY = ("", "", "")


_OF_CASE = 'FROM task WHERE task.case_id = "case".id)'
#: The keys of the tasks of the case, a line each.
_HOLDERS = literal_column(f'(SELECT group_concat(task."key", char(10)) {_OF_CASE}', String)
_HOLDERS_ON_SERVER = literal_column(f'(SELECT string_agg(task."key", chr(10)) {_OF_CASE}', String)


@cache
def _statement(streams: int, on_server: bool) -> PreparedStatement:
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


def look_ahead(
    driver: DriverConnection, request: str | None, case_id: str, streams: Sequence[str], key: DraftKey | None
) -> None:
    """Fetch what the repositories are asked first, and keep it for them; of a case that is not there, nothing."""
    row = driver.first(
        _statement(len(streams), driver.on_server),
        (*(key or _NOBODY), *streams, request or "", case_id),
    )
    if row is None:
        return
    beat, drafted, head, holders = row[_RECEIPT:_NEWEST]
    found = row[_NEWEST + len(streams) :]
    ahead: dict[object, object] = {
        "beat": beat,
        ("newest", *streams): row[_NEWEST : _NEWEST + len(streams)],
        ("case", case_id): found,
    }
    if request:
        ahead["request", request] = row[:_RECEIPT] if row[0] is not None else None
    if key is not None and not drafted:
        ahead["no draft", *key] = True
    driver.ahead = ahead
    driver.looked_at = (case_id, found[_REV])
    driver.heads[case_id] = (found[_REV], head)
    if holders is not None:
        driver.holders[case_id] = sorted(holders.split("\n"))
