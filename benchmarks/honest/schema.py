"""The tables as these programs use them: columns, one shape of JSON, the chain of hashes, connections."""

from __future__ import annotations

import json
import json.encoder
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

COLUMNS = {
    "case": "id workflow version state rev head parent section subject_id title opened_at entered_at closed_at"
    " suspended_at assignee body",
    "event": "stream seq at actor kind body previous hash",
    "task": "case_id key workflow state title case_title section assignee due_on due_at provisional opened_at",
    "timer": "case_id name at provisional error",
    "outbox": "id kind channel recipient case_id payload created_at status attempts next_at sent_at error leases",
    "idempotency_key": "id digest answer at",
    "register_entry": "kind id name section data changed_at",
}
#: What the first event of a chain names as the one before it.
GENESIS = "0" * 64
#: The histories in which every change of people and delegations is entered.
PEOPLE = ("register:people", "register:inspectors", "delegations")


class RefusedError(Exception):
    """An act is refused, for the reasons in `codes`."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = codes


def insert(table: str, mark: str = "?") -> str:
    """Return the INSERT of one whole row; `mark` is how the driver writes a parameter."""
    names = COLUMNS[table].split()
    columns = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join([mark] * len(names))})'


def _encoder() -> Callable[[Any, int], Iterable[str]]:
    """Return the encoder `json.dumps` would make anew for every value."""
    plain = json.JSONEncoder(allow_nan=False)
    encoder: Any = json.encoder
    make = encoder.c_make_encoder
    made: Callable[[Any, int], Iterable[str]] = make(
        None, plain.default, json.encoder.encode_basestring, None, ":", ",", True, False, False
    )
    return made


_ENCODE = _encoder()
#: The JSON of one text.
quoted: Callable[[str], str] = json.encoder.encode_basestring
parsed: Callable[[str], Any] = json.JSONDecoder().decode


def canonical(value: Any) -> str:
    """Return `value` as JSON in one shape only."""
    return "".join(_ENCODE(value, 0))


def chained(stream: str, seq: int, at: str, actor: str, kind: str, body: str, previous: str) -> str:
    """Return the hash of an event."""
    text = f"{previous}\n{stream}\n{seq}\n{at}\n{actor}\n{kind}\n{body}"
    return sha256(text.encode()).hexdigest()


@lru_cache(maxsize=4096)
def text_of(instant: datetime) -> str:
    """Return the UTC text of an instant, to the microsecond."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_of(text: str) -> datetime:
    """Return the instant of such a text."""
    return datetime.fromisoformat(text)


def sqlite(path: Path | str, *, synchronous: str = "FULL") -> sqlite3.Connection:
    """Open a SQLite file as the product does: WAL, transactions by hand."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30, cached_statements=256)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    return connection


def postgresql(address: str) -> Any:
    """Open a PostgreSQL connection with the product's settings; its transactions are begun by the first statement."""
    import psycopg

    connection = psycopg.connect(address)
    for name, value in (
        ("tcp_keepalives_idle", 5),
        ("tcp_keepalives_interval", 5),
        ("tcp_keepalives_count", 3),
        ("tcp_user_timeout", 20000),
        ("idle_in_transaction_session_timeout", 60000),
    ):
        connection.execute(f"SET {name} = {value}")
    connection.commit()
    return connection


def marks(values: Sequence[Any], mark: str = "?") -> str:
    """Return the parameters of an ``IN (…)``."""
    return ", ".join([mark] * len(values))
