"""One database for the product and a copy of it for the program by hand, and every row of both."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from benchmarks.application import START, deployment, spawn
from benchmarks.timers import opened
from engine.app.commands.application import Application
from engine.deployment.clocks import VirtualClock

ANSWERS = {"found": "未发现问题", "count": 2}


@contextmanager
def both(cases: int, folder: Path) -> Iterator[tuple[Application, VirtualClock, Path, Path]]:
    """Yield an office with so many cases, its clock, its file, and a copy of that file."""
    with deployment() as (application, clock, path):
        if cases:
            spawn(application, cases)
        copy = folder / "by-hand.db"
        source, target = sqlite3.connect(path), sqlite3.connect(copy)
        source.backup(target)
        source.close()
        target.close()
        yield application, clock, path, copy


def rows(path: Path) -> dict[str, list[Any]]:
    """Return every row of every table; the columns' names with them."""
    connection = sqlite3.connect(path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, list[Any]] = {}
    for table in tables:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        names = [column[0] for column in cursor.description]
        found[table] = sorted((tuple(zip(names, row, strict=True)) for row in cursor), key=repr)
    connection.close()
    return found


@contextmanager
def on_postgresql(url: str, cases: int) -> Iterator[tuple[Application, VirtualClock, str]]:
    """Yield an office on an empty PostgreSQL with so many cases, its clock, and the address for the bare driver."""
    clock = VirtualClock(START)
    application = opened(url, clock)
    try:
        spawn(application, cases)
        yield application, clock, plain(url)
    finally:
        application.store.close()


def plain(url: str) -> str:
    """Return an address as the bare driver takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def rows_of_server(address: str) -> dict[str, list[Any]]:
    """Return every row of every table of a PostgreSQL."""
    found: dict[str, list[Any]] = {}
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [column.name for column in cursor.description or ()]
            found[table] = sorted((tuple(zip(names, row, strict=True)) for row in cursor), key=repr)
    return found


def put_back(address: str, before: dict[str, list[Any]]) -> None:
    """Make the tables hold again what they held."""
    with psycopg.connect(address) as connection:
        for table, rows_ in before.items():
            connection.execute(f'DELETE FROM "{table}"')
            for row in rows_:
                marks = ", ".join(["%s"] * len(row))
                connection.execute(f'INSERT INTO "{table}" VALUES ({marks})', [value for _, value in row])
        # Statements are numbered by the database: it goes on from those that were put back.
        counter = "pg_get_serial_sequence('row_statement', 'position')"
        connection.execute(f"SELECT setval({counter}, (SELECT max(position) FROM row_statement))")


def later(hours: int) -> datetime:
    """Return so many hours after the start."""
    return START + timedelta(hours=hours)
