"""What a command on a case asks before it decides, fetched by one query: a trip to the server instead of five."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.store.row_parts import TABLES
from engine.store.sql.kept.kept_statements import made
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.app.ports.drafts import DraftKey

_RECEIPT = len(TABLES["idempotency_key"].columns)
#: Where the newest events of the histories begin, and the number of the case's own among its columns.
_NEWEST = _RECEIPT + 4
_REV = TABLES["case"].columns.index("rev")
_NOBODY = ("", "", "")


def look_ahead(
    driver: DriverConnection, request: str | None, case_id: str, streams: Sequence[str], key: DraftKey | None
) -> None:
    """Fetch what the repositories are asked first, and keep it for them; of a case that is not there, nothing."""
    row = driver.first(
        made("trips.look_ahead", "looking_ahead", len(streams), driver.on_server),
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
