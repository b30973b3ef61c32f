from __future__ import annotations

from contextlib import suppress

import pytest

from engine.store.problem import ReadOnlyTransactionError
from engine.store.sql.store import SqlStore
from engine.store.sql.transaction import SqlTransaction
from engine.value import Lazy


class _Asked:
    times = 0

    @Lazy
    def number(self) -> int:
        """The number."""
        self.times += 1
        return self.times


def test_a_lazy_value_is_worked_out_when_it_is_first_asked_for_and_once() -> None:
    one, other = _Asked(), _Asked()
    assert one.times == 0
    assert (one.number, one.number, other.number) == (1, 1, 1)
    assert isinstance(_Asked.number, Lazy)
    assert _Asked.number.__doc__ == "The number."


def test_a_transaction_that_was_begun_on_the_driver_is_one_for_sqlalchemy_too(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("a", {"n": 1})
        # From here on SQLAlchemy knows of it.
        assert transaction.connection.in_transaction()
        with suppress(ValueError), transaction.savepoint():
            transaction.settings.put("a", {"n": 2})
            raise ValueError("undone")
        transaction.settings.put("b", {"n": 3})
    with store.read() as transaction:
        assert (transaction.settings.get("a"), transaction.settings.get("b")) == ({"n": 1}, {"n": 3})
    for touch in (False, True):
        with suppress(ValueError), store.write() as transaction:
            transaction.settings.put("a", {"n": 4})
            if touch:
                assert transaction.connection.in_transaction()
            raise ValueError("all of it")
        with store.read() as transaction:
            assert transaction.settings.get("a") == {"n": 1}


def test_a_transaction_that_reads_cannot_write(store: SqlStore) -> None:
    with pytest.raises(ReadOnlyTransactionError), store.read() as transaction:
        transaction.settings.put("a", 1)


def put_and_fail(transaction: SqlTransaction) -> None:
    transaction.settings.put("undone", 1)
    raise KeyError


def test_a_savepoint_is_undone_alone(store: SqlStore) -> None:
    with store.write() as transaction:
        transaction.settings.put("kept", 1)
        with pytest.raises(KeyError), transaction.savepoint():
            put_and_fail(transaction)
    with store.read() as transaction:
        assert transaction.settings.names("") == ["kept"]
