"""Every column of the database that holds private values of registers has a term in `retention.yaml`: looked for, to the byte."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from engine.app.daemons.retention import shipped_terms
from engine.app.registers.private_columns import personal_keys
from engine.register.profile import KINDS, built_in

#: Column -> the kind of `retention.yaml` whose term it has.
TERMS = {
    "register_entry.data": "left_entries",
    "register_snapshot.content": "snapshots",
    "personal_value.values": "personal_values",
    "case.body": "answers",
    "document.content": "answers",
    "draw.record": "draws",
    "draw_line.line": "draws",
    "draw_key.key": "draws",
    "evidence.content": "draws",
    "outbox.text": "messages",
    "inbox.text": "inbox",
    "draft.answers": "drafts",
    "request.answer": "requests",
}
#: Values of fewer characters are parts of others.
LEAST = 6


def private_values(connection: sqlite3.Connection) -> set[bytes]:
    found = set()
    for kind in KINDS:
        keys = personal_keys(built_in(kind))
        rows = connection.execute("select data from register_entry where kind = ?", (kind,))
        for (data,) in rows:
            texts = [one for key in keys if isinstance(one := json.loads(data).get(key), str)]
            found |= {one.encode() for one in texts if len(one) >= LEAST}
    return found


def holding(connection: sqlite3.Connection, values: set[bytes]) -> set[str]:
    """Return the columns that hold one of these values."""
    found = set()
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    for table in tables:
        for column in [row[1] for row in connection.execute(f'pragma table_info("{table}")')]:
            rows = connection.execute(f'select cast("{column}" as blob) from "{table}"')  # noqa: S608 - of the schema
            held = b"\n".join(content or b"" for (content,) in rows)
            if any(value in held for value in values):
                found.add(f"{table}.{column}")
    return found


def test_every_column_with_private_values_has_a_term(drawn_publicly: tuple[Path, datetime]) -> None:
    with closing(sqlite3.connect(drawn_publicly[0] / "data" / "ssj.db")) as connection:
        values = private_values(connection)
        assert len(values) > 50
        found = holding(connection, values)
    assert {"register_entry.data", "register_snapshot.content", "draw.record"} <= found
    assert found <= TERMS.keys(), "a column with private values and without a term"
    assert set(TERMS.values()) <= shipped_terms().keys()
