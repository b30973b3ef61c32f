from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Connection

from engine.store.sql.connections import postgres_times
from engine.store.sql.notifier import WORK, Notifier


class Sent:
    """Stands for a connection; keeps what it was asked to run."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def exec_driver_sql(self, statement: str) -> None:
        self.statements.append(statement)


def test_at_most_one_notification_in_a_while() -> None:
    now = 100.0
    sent = Sent()
    notifier = Notifier(lambda: now)
    connection = cast("Connection", cast("Any", sent))
    notifier.notify(connection)
    notifier.notify(connection)
    assert sent.statements == [f"NOTIFY {WORK}"]
    now += postgres_times()["call_seconds"]
    notifier.notify(connection)
    assert len(sent.statements) == 2
