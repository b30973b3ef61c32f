from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from engine.store.sql.building import insert_plain
from engine.store.sql.core.settings import GET, PUT
from engine.store.sql.store import open_store
from engine.store.sql.tables import setting
from engine.store.sql.trips.pipelined import MAX_WAITING, PipelinedConnection

ADD = insert_plain(setting)


@pytest.fixture
def connection(postgres_database: str) -> Iterator[Connection]:
    with closing(open_store(postgres_database, create=True)) as store, store.engine.connect() as found:
        yield found


def begun(connection: Connection) -> PipelinedConnection:
    driver = PipelinedConnection(connection, connection.connection.driver_connection)
    driver.begin()
    return driver


def sent(driver: PipelinedConnection) -> list[str]:
    """Return the statements that are given to the driver from now on."""
    texts: list[str] = []
    execute = driver._execute

    def noted(text: str, *values: Any) -> Any:
        texts.append(text)
        return execute(text, *values)

    driver._execute = noted
    return texts


def test_what_is_sent_is_one_statement_and_seen_by_whoever_asks(connection: Connection) -> None:
    driver = begun(connection)
    texts = sent(driver)
    driver.send("setting", (ADD, [("a", "1"), ("b", "2")]))
    assert texts == []
    assert driver.first(GET, ("a",)) == ("1",)
    assert [text[:4] for text in texts] == ["WITH", "SELE"]
    assert driver.piped
    driver.commit()
    driver.begin_anew()
    driver.begin()
    assert driver.first(GET, ("b",)) == ("2",)
    driver.roll_back()


def test_the_same_table_twice_is_two_statements(connection: Connection) -> None:
    driver = begun(connection)
    texts = sent(driver)
    driver.send("setting", (ADD, [("a", "1")]))
    driver.send("setting", (PUT, [("a", "2")]))
    driver.commit()
    assert len(texts) == 2
    driver.begin_anew()
    driver.begin()
    assert driver.first(GET, ("a",)) == ("2",)
    driver.roll_back()


def test_many_rows_are_sent_one_by_one(connection: Connection) -> None:
    driver = begun(connection)
    texts = sent(driver)
    driver.send("setting", (ADD, [(f"n-{n}", "1") for n in range(MAX_WAITING + 1)]))
    driver.exec_driver_sql("NOTIFY ssj_work")
    assert len(texts) == MAX_WAITING + 2
    driver.commit()


def test_whoever_counts_waits_for_each_answer_from_then_on(connection: Connection) -> None:
    driver = begun(connection)
    driver.send("setting", (ADD, [("a", "1")]))
    assert driver.run_many(PUT, [("a", "2")]) == 1
    assert not driver.piped
    driver.send("setting", (ADD, [("b", "1")]))
    assert driver.run_each(PUT, [("a", "3"), ("b", "2")]) == [True, True]
    assert list(driver.run(GET, ("b",))) == [("2",)]
    assert (
        driver.connection.exec_driver_sql(
            "SELECT count(*) FROM setting WHERE name IN ('a', 'b')"
        ).scalar_one()
        == 2
    )
    driver.commit()


def test_what_fails_at_the_commit_keeps_nothing(connection: Connection) -> None:
    driver = begun(connection)
    driver.send("setting", (ADD, [("a", "1")]))
    driver.commit()
    driver.begin_anew()
    driver.begin()
    driver.send("setting", (ADD, [("c", "1"), ("a", "2")]))
    with pytest.raises(psycopg.errors.UniqueViolation):
        driver.commit()
    driver.roll_back()
    driver.begin_anew()
    driver.begin()
    assert driver.first(GET, ("c",)) is None
    driver.wait()
    driver.roll_back()
