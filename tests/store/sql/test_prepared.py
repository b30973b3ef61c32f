from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from engine.store.sql.building import bind, insert_new, insert_or_replace
from engine.store.sql.prepared import DriverConnection, PreparedStatement, pieces
from engine.store.sql.tables import sequence_counter, setting, timer


@pytest.fixture
def driver(connection: Connection) -> DriverConnection:
    connection.begin()
    return DriverConnection(connection, writing=True)


def test_parameters_in_another_order_than_the_rows_are_a_fault(driver: DriverConnection) -> None:
    wrong = PreparedStatement(
        select(timer.c.at).where(
            timer.c.case_id == bind(timer, "case_id"), timer.c.name == bind(timer, "name")
        ),
        "name",
        "case_id",
    )
    with pytest.raises(AssertionError, match="in the order"):
        wrong.text(driver.dialect)


def test_what_is_new_is_added_and_counted(driver: DriverConnection) -> None:
    put = insert_new(sequence_counter)
    assert driver.run_many(put, []) == 0
    assert driver.run_many(put, [("a", 1)]) == 1
    assert driver.run_many(put, [("a", 2), ("b", 2), ("c", 3)]) == 2
    query = PreparedStatement(select(sequence_counter).order_by(sequence_counter.c.name))
    assert list(driver.run(query)) == [("a", 1), ("b", 2), ("c", 3)]
    assert driver.first(query) == ("a", 1)


def test_a_row_is_replaced_and_columns_are_reset(driver: DriverConnection) -> None:
    driver.run(insert_or_replace(setting), ("a", "1"))
    driver.run(insert_or_replace(setting), ("a", "2"))
    assert list(driver.run(PreparedStatement(select(setting)))) == [("a", "2")]
    driver.run(insert_or_replace(timer), ("c", "n", "t", 0, "error"))
    driver.run(insert_or_replace(timer, reset=("error",)), ("c", "n", "u", 1))
    assert list(driver.run(PreparedStatement(select(timer)))) == [("c", "n", "u", 1, None)]


def test_pieces() -> None:
    assert list(pieces(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(pieces([], 2)) == []
