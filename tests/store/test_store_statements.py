"""The statements: their parameters stand in the order of the rows, and they use the indexes made for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.dialects.sqlite.pysqlite import dialect as sqlite_dialect

from engine.store.sql import SqlStore, open_store
from engine.store.sql.core import (
    cases,
    daemons,
    definitions,
    events,
    idempotency,
    inbox,
    outbox,
    papers,
    registers,
    settings,
    tasks,
    timers,
)
from engine.store.sql.core.people import delegations
from engine.store.sql.prepared import PreparedStatement
from engine.store.sql.repositories import records
from engine.store.sql.repositories.people import sign_in

#: Every module of repositories.
MODULES = (
    cases,
    daemons,
    definitions,
    delegations,
    events,
    idempotency,
    inbox,
    outbox,
    papers,
    records,
    registers,
    settings,
    sign_in,
    tasks,
    timers,
)
ALL = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, PreparedStatement)
} | {"of_keys": tasks.of_keys(2)}


@pytest.mark.parametrize("name", sorted(ALL))
def test_compiles_for_both_databases(name: str) -> None:
    """A statement whose parameters come in another order than `binds` says does not compile."""
    statement = ALL[name]
    sqlite_text = statement.text(sqlite_dialect())
    postgres_text = statement.text(psycopg_dialect(paramstyle="format"))
    assert sqlite_text.count("?") == len(statement.binds)
    assert postgres_text.count("%s") == len(statement.binds)


def test_sweeps_share_the_work_where_the_database_can() -> None:
    dialect = psycopg_dialect(paramstyle="format")
    assert "FOR UPDATE SKIP LOCKED" in timers.TAKE.text(dialect)
    assert "FOR UPDATE" in cases.LOCK.text(dialect)
    assert "FOR UPDATE" not in timers.DUE.text(dialect) + cases.GET.text(dialect)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    with closing(open_store(tmp_path_factory.mktemp("plans") / "ssj.db", create=True)) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("engine.store.sql.core.cases.GET", "(id=?)"),
        ("engine.store.sql.core.cases.SAVE", "(id=?)"),
        (
            "engine.store.sql.core.cases.NEXT_STATE",
            "INDEX case_open_child (parent=? AND workflow=? AND state>?)",
        ),
        ("engine.store.sql.core.events.LAST", "(stream=?)"),
        ("engine.store.sql.core.events.OF", "(stream=? AND seq>?)"),
        ("engine.store.sql.core.events.FOLLOW", "(stream=? AND seq=?)"),
        ("of_keys", "INDEX task_key (key=?)"),
        ("engine.store.sql.core.registers.SUMMARY", "INDEX register_entry_changed"),
        ("engine.store.sql.core.tasks.DROP", "PRIMARY KEY (case_id=?)"),
        ("engine.store.sql.core.timers.TAKE", "INDEX timer_at (at<?)"),
        ("engine.store.sql.core.timers.NEXT", "INDEX timer_at"),
        ("engine.store.sql.core.timers.INCIDENTS", "INDEX timer_incident"),
        ("engine.store.sql.core.timers.OF_CASE", "PRIMARY KEY (case_id=?)"),
        ("engine.store.sql.repositories.records.LAST_DRAW", "(case_id=?)"),
        ("engine.store.sql.core.papers.OF_CASE", "INDEX paper_case (case_id=?)"),
        ("engine.store.sql.core.papers.LOWEST_OPEN", "INDEX paper_number_open (series=? AND year=?)"),
        ("engine.store.sql.core.papers.LAST", "(series=? AND year=?)"),
        ("engine.store.sql.core.papers.NUMBER_OF", "INDEX paper_number_paper (paper=?)"),
        ("engine.store.sql.core.papers.FILES", "INDEX kept_file_case (case_id=?)"),
        ("engine.store.sql.repositories.people.sign_in.GET_TOKEN", "(id=?)"),
        ("engine.store.sql.repositories.people.sign_in.ATTEMPTS", "(key=?)"),
        ("engine.store.sql.repositories.people.sign_in.DROP_SOME_ATTEMPTS", "(key=? AND number<?)"),
        ("engine.store.sql.core.daemons.ALL", "INDEX sqlite_autoindex_daemon_1"),
    ],
)
def test_plans(store: SqlStore, name: str, index: str) -> None:
    statement = ALL[name]
    with store.reader.connect() as connection:
        text = statement.text(connection.dialect)
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (1,) * len(statement.binds)).all()
    plan = " | ".join(row[3] for row in rows)
    assert index in plan
    # Tasks of several keys are read by the index of each, and put in order together.
    assert ("TEMP B-TREE" in plan) == (name == "of_keys")


def test_questions_put_together_at_run_time_use_their_indexes(store: SqlStore) -> None:
    asked: list[str] = []

    from engine.app.ports.records import CaseFilter

    expected = {
        "case_state (workflow=? AND state=?)": lambda transaction: transaction.cases.find(
            CaseFilter(workflow="w", state="s")
        ),
        "case_parent (parent=? AND workflow=?)": lambda transaction: transaction.cases.count(
            CaseFilter(parent="p", workflow="w")
        ),
        "case_subject (subject_id=?)": lambda transaction: transaction.cases.find(CaseFilter(subject="s")),
        "task_due": lambda transaction: transaction.tasks.all(limit=5),
        "task_due (due_at<?)": lambda transaction: transaction.tasks.all(overdue_at=NOW, limit=5),
        "task_section (section=?)": lambda transaction: transaction.tasks.all(section="s", limit=5),
        "outbox_waiting (channel=?)": lambda transaction: transaction.outbox.take(NOW, 5, ["log"]),
        "outbox_incident": lambda transaction: transaction.outbox.listed(status="incident"),
    }
    from sample_instants import NOW

    for index, ask in expected.items():
        asked.clear()
        with store.read() as transaction:
            driver: Any = transaction.connection.connection.driver_connection
            # With the values in their places.
            driver.set_trace_callback(asked.append)
            ask(transaction)
            driver.set_trace_callback(None)
        (text,) = [one for one in asked if one.startswith("SELECT")]
        with store.reader.connect() as connection:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all()
        assert index in " | ".join(row[3] for row in rows), text
