from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from engine.app.ports.records import Credential, FailedAttempt, Token
from engine.store.sql.repositories.people.sign_in import SqlCredentials, SqlSignInAttempts, SqlTokens
from engine.store.sql.store import SqlStore
from engine.store.sql.tables import credential, sign_in_attempt, token

NOW, TEXT = datetime(2027, 3, 1, 1, tzinfo=UTC), "2027-03-01T01:00:00.000000Z"


def test_rows_of_credentials(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.credentials, SqlCredentials)
        transaction.credentials.put(Credential("p-1", "first", NOW))
        transaction.credentials.put(Credential("p-1", "second", NOW))
        assert transaction.credentials.exist()
    assert rows(credential) == [("p-1", "second", TEXT)]


def test_rows_of_tokens(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.tokens, SqlTokens)
        transaction.tokens.add(Token("a", "p-1", "导出", NOW, NOW, None, "0" * 64))
        transaction.tokens.add(Token("b", "p-2", "", NOW, NOW, None, "1" * 64))
        assert transaction.tokens.revoke("b", NOW)
    assert rows(token) == [
        ("a", "p-1", "导出", TEXT, TEXT, None, "0" * 64, "all"),
        ("b", "p-2", "", TEXT, TEXT, TEXT, "1" * 64, "all"),
    ]


def test_rows_of_attempts(store: SqlStore, rows: Callable[..., list[tuple[Any, ...]]]) -> None:
    with store.write() as transaction:
        assert isinstance(transaction.sign_in_attempts, SqlSignInAttempts)
        for number in (1, 2, 3):
            transaction.sign_in_attempts.add(
                FailedAttempt("person:p-1", number, NOW, NOW if number == 3 else None)
            )
        transaction.sign_in_attempts.drop("person:p-1", up_to=1)
    assert rows(sign_in_attempt) == [("person:p-1", 2, TEXT, None), ("person:p-1", 3, TEXT, TEXT)]
