"""Copying everything from one database to another, and showing that both hold the same.

Rows are compared as canonical JSON in the order of their keys, which is the order of bytes on both databases, so equal
digests mean equal rows. Both sides are read in batches: memory does not grow with the tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Connection, LargeBinary, Table, select, text

from engine.lifecycle.chain import canonical
from engine.store.revision import MOVED
from engine.store.sql.tables import COPY, metadata, row_statement, setting

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Sum:
    """The number and the digest of the rows of a table."""

    rows: int
    #: Over the rows in the order of their keys.
    sha256: str


def sums(connection: Connection, tables: Sequence[Table] = metadata.sorted_tables) -> dict[str, Sum]:
    """Return the sum of each table by name, without the setting that says what a copy is a copy of."""
    return {table.name: _sum(connection, table) for table in tables}


def copy(
    source: Connection,
    target: Connection,
    copied_table: Callable[[str, int], None],
    tables: Sequence[Table] = metadata.sorted_tables,
) -> None:
    """Copy every row into empty tables of the same revision, in the transaction of `target`.

    `copied_table` is called after each table, with the number of its rows. `tables` are those of the revision, where
    it is not this program's.
    """
    for table in tables:
        count = _bulk(source, target, table) if _postgres(target) else _batches(source, target, table)
        copied_table(table.name, count)
    if _postgres(target) and row_statement in tables:
        # Numbers that came with their rows are not counted by the server.
        target.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('row_statement', 'position'), max(position)) FROM row_statement"
                " HAVING max(position) IS NOT NULL"
            )
        )


def is_empty(connection: Connection) -> bool:
    """Tell whether no table holds a row."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in metadata.sorted_tables)


def note_copy(connection: Connection, body: dict[str, Any]) -> None:
    """Store what a copy is a copy of, until it is in use."""
    connection.execute(setting.insert().values(name=COPY, body=canonical(body)))


def copied_from(connection: Connection) -> str | None:
    """Return what a copy that has never been used is a copy of, as JSON; None for any other database."""
    return connection.execute(select(setting.c.body).where(setting.c.name == COPY)).scalar_one_or_none()


def in_use(connection: Connection) -> None:
    """Remove the note that this is a copy: it is the database from now on."""
    connection.execute(setting.delete().where(setting.c.name == COPY))


def clear(connection: Connection) -> None:
    """Remove every row."""
    for table in metadata.sorted_tables:
        connection.execute(table.delete())


def hold(connection: Connection) -> None:
    """Keep others from writing until the transaction of `connection` ends; waits for whoever is writing now.

    SQLite's transaction that writes does so by itself.
    """
    if _postgres(connection):
        # Both sides are compared and verified before this transaction ends; a large one waits longer than a minute.
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def shut(connection: Connection) -> None:
    """Keep everybody from writing this database, and from opening it: its data is in another one now."""
    if _postgres(connection):
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION ssj_moved() RETURNS trigger AS"
                f" $$ BEGIN RAISE EXCEPTION '{MOVED}'; END $$ LANGUAGE plpgsql"
            )
        )
    for table in metadata.sorted_tables:
        if _postgres(connection):
            connection.execute(
                text(
                    f'CREATE TRIGGER ssj_moved BEFORE INSERT OR UPDATE OR DELETE ON "{table.name}"'
                    " FOR EACH STATEMENT EXECUTE FUNCTION ssj_moved()"
                )
            )
            continue
        for act in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                text(
                    f'CREATE TRIGGER ssj_moved_{table.name}_{act} BEFORE {act} ON "{table.name}"'
                    f" BEGIN SELECT RAISE(ABORT, '{MOVED}'); END"
                )
            )
    connection.execute(text("UPDATE alembic_version SET version_num = :moved"), {"moved": MOVED})


def _postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """Yield batches of rows, in the order of their keys."""
    query = select(table).order_by(*table.primary_key.columns)
    if table.name == setting.name:
        query = query.where(table.c.name != COPY)
    found = connection.execute(query, execution_options={"stream_results": True, "yield_per": BATCH})
    for batch in found.partitions():
        yield [tuple(row) for row in batch]


def _sum(connection: Connection, table: Table) -> Sum:
    hashed, count = hashlib.sha256(), 0
    flags = [isinstance(column.type, Boolean) for column in table.columns]
    for batch in _rows(connection, table):
        count += len(batch)
        for row in batch:
            hashed.update(canonical([_plain(v, flag) for v, flag in zip(row, flags, strict=True)]).encode())
            hashed.update(b"\n")
    return Sum(count, hashed.hexdigest())


def _plain(value: Any, flag: bool) -> Any:
    if isinstance(value, (bytes, memoryview)):
        return hashlib.sha256(value).hexdigest()
    return bool(value) if flag else value


def _batches(source: Connection, target: Connection, table: Table) -> int:
    names = [column.name for column in table.columns]
    count = 0
    for batch in _rows(source, table):
        target.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in batch])
        count += len(batch)
    return count


def _bulk(source: Connection, target: Connection, table: Table) -> int:
    """Copy a table by PostgreSQL's own COPY, several times faster than statements."""
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    binary = any(isinstance(column.type, LargeBinary) for column in table.columns)
    count = 0
    driver: Any = target.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as taken:
        for batch in _rows(source, table):
            for row in batch:
                taken.write_row([_bytes(value) for value in row] if binary else row)
            count += len(batch)
    return count


def _bytes(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
