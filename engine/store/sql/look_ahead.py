"""What a command on a case asks before it decides, fetched by one query: a trip to the server instead of five."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from engine.store.sql.prepared import ONE, DriverConnection, PreparedStatement, bind
from engine.store.sql.repositories.events import newest_hashes
from engine.store.sql.tables import case, daemon, draft, idempotency_key

if TYPE_CHECKING:
    from engine.app.ports.drafts import DraftKey

_RECEIPT = len(idempotency_key.c)
_NOBODY = ("", "", "")


@cache
def _statement(streams: int) -> PreparedStatement:
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
            *newest_hashes(streams),
            *case.c,
        )
        .select_from(case.outerjoin(idempotency_key, idempotency_key.c.id == bind(idempotency_key, "id", "request")))
        .where(case.c.id == bind(case, "id", "about"))
        .with_for_update(of=case)
    )
    names = (f"stream_{number}" for number in range(streams))
    return PreparedStatement(query, "person", "drafted", "step", *names, "request", "about")


def look_ahead(
    driver: DriverConnection, request: str | None, case_id: str, streams: Sequence[str], key: DraftKey | None
) -> None:
    """Fetch what the repositories are asked first, and keep it for them; of a case that is not there, nothing."""
    values = (*(key or _NOBODY), *streams, request or "", case_id)
    row = driver.first(_statement(len(streams)), values)
    if row is None:
        return
    ahead: dict[object, object] = {
        "beat": row[_RECEIPT],
        ("newest", *streams): row[_RECEIPT + 2 : _RECEIPT + 2 + len(streams)],
        ("case", case_id): row[_RECEIPT + 2 + len(streams) :],
    }
    if request:
        ahead["request", request] = row[:_RECEIPT] if row[0] is not None else None
    if key is not None and not row[_RECEIPT + 1]:
        ahead["no draft", *key] = True
    driver.ahead = ahead
