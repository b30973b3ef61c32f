"""Credentials, tokens and failed attempts to sign in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sample_rows import HARD, NAIVE, NOW, after, ids, make_session, make_token

from engine.app.ports.records import Credential, FailedAttempt
from engine.app.ports.store import ConflictError, Store


def test_a_credential_is_replaced(store: Store) -> None:
    first, second = Credential("p-1", HARD, NOW), Credential("p-1", "another", after(days=1))
    with store.write() as transaction:
        assert transaction.credentials.get("p-1") is None
        assert not transaction.credentials.exist()
        transaction.credentials.put(first)
        transaction.credentials.put(Credential("p-2", "theirs", NOW))
        assert transaction.credentials.get("p-1") == first
    with store.write() as transaction:
        transaction.credentials.put(second)
    with store.read() as transaction:
        assert transaction.credentials.exist()
        assert transaction.credentials.get("p-1") == second
        assert transaction.credentials.get("p-2") == Credential("p-2", "theirs", NOW)


def test_tokens_newest_first_of_one_person_or_all(store: Store) -> None:
    old, new = make_token("ffffffff"), make_token("00000000", created_at=after(days=1))
    other, twin = make_token("11111111", person="p-2"), make_token("22222222", person="p-2")
    with store.write() as transaction:
        for token in (other, old, new, twin):
            transaction.tokens.add(token)
    with store.read() as transaction:
        assert transaction.tokens.get("ffffffff") == old
        assert transaction.tokens.get("unknown") is None
        assert transaction.tokens.all() == [new, old, twin, other]
        assert ids(transaction.tokens.all("p-2")) == ["22222222", "11111111"]
        assert transaction.tokens.all("nobody") == []


def test_a_token_is_revoked_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.tokens.add(make_token())
    with store.write() as transaction:
        assert transaction.tokens.revoke("0a1b2c3d", after(hours=1))
        assert not transaction.tokens.revoke("0a1b2c3d", after(hours=2))
        assert not transaction.tokens.revoke("unknown", NOW)
    with store.read() as transaction:
        assert transaction.tokens.get("0a1b2c3d") == make_token(revoked_at=after(hours=1))


def test_the_id_of_a_token_is_taken_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.tokens.add(make_token())
    with pytest.raises(ConflictError, match="0a1b2c3d"), store.write() as transaction:
        transaction.tokens.add(make_token(person="p-2"))
    with store.read() as transaction:
        assert transaction.tokens.all() == [make_token()]


def test_attempts_by_key_and_number(store: Store) -> None:
    mine = [FailedAttempt("person:p-1", number, after(minutes=number)) for number in (1, 2, 10)]
    locked = FailedAttempt("from:192.0.2.7", 1, NOW, after(minutes=15))
    with store.write() as transaction:
        for attempt in (*reversed(mine), locked):
            transaction.sign_in_attempts.add(attempt)
    with store.read() as transaction:
        assert transaction.sign_in_attempts.of("person:p-1") == mine
        assert transaction.sign_in_attempts.of("from:192.0.2.7") == [locked]
        assert transaction.sign_in_attempts.of("person:p") == []
    with store.write() as transaction:
        transaction.sign_in_attempts.drop("person:p-1", up_to=2)
        transaction.sign_in_attempts.drop("from:192.0.2.7", up_to=0)
    with store.read() as transaction:
        assert transaction.sign_in_attempts.of("person:p-1") == mine[2:]
        assert transaction.sign_in_attempts.of("from:192.0.2.7") == [locked]
    with store.write() as transaction:
        transaction.sign_in_attempts.drop("person:p-1")
        transaction.sign_in_attempts.drop("unknown")
    with store.read() as transaction:
        assert transaction.sign_in_attempts.of("person:p-1") == []
        assert transaction.sign_in_attempts.of("from:192.0.2.7") == [locked]


def test_the_number_of_an_attempt_is_taken_once(store: Store) -> None:
    attempt = FailedAttempt("person:p-1", 1, NOW)
    with store.write() as transaction:
        transaction.sign_in_attempts.add(attempt)
    with pytest.raises(ConflictError, match="person:p-1"), store.write() as transaction:
        transaction.sign_in_attempts.add(replace(attempt, locked_until=after(minutes=15)))
    with store.read() as transaction:
        assert transaction.sign_in_attempts.of("person:p-1") == [attempt]


def test_naive_instants_are_refused(store: Store) -> None:
    for act in (
        lambda transaction: transaction.credentials.put(Credential("p-1", "hash", NAIVE)),
        lambda transaction: transaction.tokens.add(make_token(expires_at=NAIVE)),
        lambda transaction: transaction.tokens.revoke("0a1b2c3d", NAIVE),
        lambda transaction: transaction.sign_in_attempts.add(FailedAttempt("person:p-1", 1, NAIVE)),
    ):
        with pytest.raises(ValueError, match="naive"), store.write() as transaction:
            act(transaction)


def test_sessions_newest_first_of_one_person_or_all(store: Store) -> None:
    old, new = make_session("1" * 8), make_session("2" * 8, made_at=after(hours=1))
    link = make_session("3" * 8, kind="link", person="", credential="", made_at=after(hours=2))
    with store.write() as transaction:
        for session in (old, new, link):
            transaction.web_sessions.add(session)
    with store.read() as transaction:
        assert transaction.web_sessions.get("1" * 8) == old
        assert transaction.web_sessions.get("unknown") is None
        assert transaction.web_sessions.all() == [link, new, old]
        assert transaction.web_sessions.all("p-1") == [new, old]
        assert transaction.web_sessions.all("nobody") == []


def test_a_session_ends_once(store: Store) -> None:
    with store.write() as transaction:
        transaction.web_sessions.add(make_session())
    with store.write() as transaction:
        assert transaction.web_sessions.end("5e551000", after(hours=1))
        assert not transaction.web_sessions.end("5e551000", after(hours=2))
        assert not transaction.web_sessions.end("unknown", NOW)
    with store.read() as transaction:
        assert transaction.web_sessions.get("5e551000") == make_session(ended_at=after(hours=1))
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.web_sessions.add(make_session(person="p-2"))
