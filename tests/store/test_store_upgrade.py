"""A database of an earlier revision is brought up to date with what it holds; a newer one is worked on where it only grew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from revisions_of_tables import revisions
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    func,
    select,
    text,
)

from engine.app.ports.audit.statements import TAKEN_OVER
from engine.store import migrations
from engine.store.migrations.versions.r0003_own_tables import RENAMED
from engine.store.problem import StoreUnavailableError
from engine.store.revision import EXPECTED, MOVED, order, works_on
from engine.store.sql import open_store
from engine.store.sql.database_url import address
from engine.store.sql.tables import metadata

#: (table, column) -> the name of the column since 0003.
COLUMNS = {("setting", "value"): "body", ("outbox", "claims"): "leases"}

_ROW = "INSERT INTO outbox VALUES (?, 'message', 'mail', 'p-1', NULL, '{}', '2027-03-01T01:02:03.000000Z', ?, ?, NULL, NULL, NULL)"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty database of each kind."""
    if request.param == "sqlite":
        yield str(tmp_path / "old.db")
    else:
        yield request.getfixturevalue("postgres_database")


@pytest.fixture
def engine(place: str) -> Iterator[Engine]:
    made = create_engine(address(place))
    yield made
    made.dispose()


def a_value(column: Any, number: int) -> Any:
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, LargeBinary):
        return b"bytes"
    return f"{column.name}-{number}"


def rows_of(connection: Connection, tables: list[Table]) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of tables, column by column as these tables have them."""
    return {
        table.name: sorted(tuple(row) for row in connection.execute(table.select()).all()) for table in tables
    }


def as_named_since(tables: list[Table], revision: str) -> list[Table]:
    """Return tables of a revision under the names, of themselves and of their columns, that they have now."""
    if order(revision) >= (3,):
        return tables
    renamed = MetaData()
    return [
        Table(
            RENAMED.get(table.name, table.name),
            renamed,
            *(
                Column(COLUMNS.get((table.name, column.name), column.name), column.type)
                for column in table.columns
            ),
        )
        for table in tables
    ]


@pytest.mark.parametrize("revision", revisions())
def test_rows_of_every_revision_come_through(engine: Engine, place: str, revision: str) -> None:
    with engine.begin() as connection:
        migrations.upgrade(connection, revision)
        then = MetaData()
        then.reflect(connection)
        tables = [table for table in then.sorted_tables if table.name != "alembic_version"]
        for table in tables:
            connection.execute(
                table.insert(),
                [{column.name: a_value(column, n) for column in table.columns} for n in (2, 4)],
            )
        if "row_statement" in then.tables and connection.dialect.name == "postgresql":
            # Rows with numbers of their own leave the counter of the column where it was.
            counter = func.pg_get_serial_sequence("row_statement", "position")
            last = func.max(then.tables["row_statement"].c.position)
            connection.execute(select(func.setval(counter, last)))
        before = rows_of(connection, tables)
    open_store(place, create=True).close()
    with engine.connect() as connection:
        assert migrations.current(connection) == EXPECTED
        now = as_named_since(tables, revision)
        after = rows_of(connection, now)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    if revision == "0001":
        # 0002 halves the attempts: until then a claim counted as one.
        where = next(table for table in tables if table.name == "outbox").columns.keys().index("attempts")
        before["outbox"] = [(*row[:where], row[where] // 2, *row[where + 1 :]) for row in before["outbox"]]
    if "row_statement" in after:
        # Tables whose columns changed since are stated anew; what was stated before stays.
        stated, restated = after["row_statement"][:2], after["row_statement"][2:]
        assert {kind for _, kind, *_ in restated} <= {TAKEN_OVER}
        after["row_statement"] = stated
    assert after == {new.name: before[old.name] for old, new in zip(tables, now, strict=True)}


def test_what_only_adds_is_called_so(tmp_path: Path) -> None:
    """From one revision to the next: a name with the same first number promises that nothing else changed."""
    engine = create_engine(f"sqlite:///{tmp_path / 'walk.db'}")
    before: tuple[str, MetaData] | None = None
    with engine.begin() as connection:
        for revision in revisions():
            migrations.upgrade(connection, revision)
            now = MetaData()
            now.reflect(connection)
            if before is not None and works_on(revision, before[0]):
                assert taken_away(before[1], now) == []
            before = (revision, now)
    engine.dispose()


def taken_away(before: MetaData, now: MetaData) -> list[str]:
    """Return what a program that knows `before` would miss or be refused on `now`."""
    found = []
    for name, table in before.tables.items():
        if name not in now.tables:
            found.append(name)
            continue
        later = now.tables[name].columns
        for column in table.columns:
            same = later.get(column.name)
            if same is None or str(same.type) != str(column.type) or same.nullable != column.nullable:
                found.append(f"{name}.{column.name}")
        found += [
            f"{name}.{column.name}"
            for column in later
            if column.name not in table.columns and not column.nullable and column.server_default is None
        ]
    return found


def test_what_a_program_would_miss_is_seen() -> None:
    """The check of the scripts can fail."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE a (x TEXT NOT NULL, y TEXT)"))
        before = MetaData()
        before.reflect(connection)
        assert taken_away(before, before) == []
        connection.execute(text("ALTER TABLE a RENAME COLUMN y TO z"))
        connection.execute(text("ALTER TABLE a ADD COLUMN w TEXT NOT NULL DEFAULT ''"))
        connection.execute(text("ALTER TABLE a ADD COLUMN v TEXT"))
        now = MetaData()
        now.reflect(connection)
    engine.dispose()
    assert taken_away(before, now) == ["a.y"]


@pytest.mark.parametrize(
    ("seen", "expected", "works"),
    [
        ("0002", "0002", True),
        ("0002.1", "0002", True),
        ("0002.10", "0002.9", True),
        ("0002", "0002.1", False),
        ("0003", "0002", False),
        ("0001", "0002", False),
        (MOVED, "0002", False),
        ("x", "0002", False),
    ],
)
def test_which_programs_work_on_which_tables(seen: str, expected: str, works: bool) -> None:
    assert works_on(seen, expected) is works


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [("0099", "比本程序的"), ("0001", "ssj backup"), ("rewritten", "比本程序的")],
)
def test_a_program_says_so_where_it_cannot_work(
    place: str, engine: Engine, revision: str, sentence: str
) -> None:
    open_store(place, create=True).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :seen"), {"seen": revision})
    with pytest.raises(StoreUnavailableError) as told:
        open_store(place)
    assert sentence in str(told.value)


def test_a_newer_one_that_only_grew_is_not_brought_back(place: str, engine: Engine) -> None:
    newer = f"{EXPECTED}.7"
    open_store(place, create=True).close()
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :newer"), {"newer": newer})
    open_store(place, create=True).close()
    with engine.connect() as connection:
        assert migrations.current(connection) == newer


def test_claims_that_were_counted_as_attempts_are_taken_out_of_the_count(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file, file:
        # An earlier version counted two for a try that failed, and one for a claim that was under way.
        file.executemany(_ROW, [("a", "incident", 14), ("b", "waiting", 3), ("c", "waiting", 0)])
    with closing(open_store(path, create=True)) as store, store.write() as transaction:
        found = {item.id: (item.status, item.attempts, item.leases) for item in transaction.outbox.listed()}
        assert found == {"a": ("incident", 7, 0), "b": ("waiting", 1, 0), "c": ("waiting", 0, 0)}
        assert transaction.inbox.of("p-1") == []
        assert transaction.outbox.retry("a")
