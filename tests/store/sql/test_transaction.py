"""A transaction of the SQL store: each part of the port is made when it is first asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import create_engine

from engine.app.ports.store import Transaction
from engine.store.sql.prepared import DriverConnection
from engine.store.sql.store import SqlStore
from engine.store.sql.transaction import SqlTransaction
from tests.hung_run import HUNG

PARTS = [
    name for name, value in vars(Transaction).items() if isinstance(value, property) and name != "touched"
]


def test_every_repository_of_the_port_is_an_attribute_made_once(store: SqlStore) -> None:
    # Signatures, what was done with files, jobs (ADR 0053); readings, what is past its term (ADR 0047); private values of
    # registers (ADR 0057).
    assert len(PARTS) == 26
    with store.read() as transaction:
        for name in PARTS:
            assert name in vars(SqlTransaction), name
            assert name not in vars(transaction)
            made = getattr(transaction, name)
            assert getattr(transaction, name) is made
        with pytest.raises(AttributeError, match="unknown"):
            transaction.unknown  # type: ignore[attr-defined] # noqa: B018


def test_a_repository_is_imported_when_it_is_asked_for() -> None:
    """In a process of its own: here all are loaded already."""
    script = (
        "import sys\n"
        "from engine.store.sql.transaction import SqlTransaction\n"
        "rooms = lambda: sorted(m.rsplit('.')[-1] for m in sys.modules if '.repositories.' in m)\n"
        "assert rooms() == [], rooms()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=HUNG)


def test_a_transaction_does_not_read_a_database_before_something_is_asked_for() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        transaction = SqlTransaction(DriverConnection(connection, writing=False))
        assert not transaction.touched
