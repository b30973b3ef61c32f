"""A try is judged once: what is let in counts nothing, what is not is counted, entered, and locks in the end."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from rectification_fixtures import rectification_desk
from register_fixtures import CLERK, small_application

from engine.app.history.replay import history
from engine.app.sign_in.attempts import (
    COUNTING,
    Locked,
    destroy_secret,
    judge_attempt,
    locked,
    of_origin,
    plain_name,
)
from engine.app.sign_in.passwords import limits
from engine.app.sign_in.tokens import STREAM


def test_failures_are_counted_and_entered_until_the_key_is_locked() -> None:
    services = rectification_desk().application
    keys = {"firm:x": 2}

    def tried(answer: str | None) -> object:
        return judge_attempt(services, keys, lambda _transaction, _now: answer, "firm", {"verb": "firm-page"})

    assert tried("in") == "in"
    assert tried(None) is None
    assert isinstance(tried(None), Locked)
    # Right or wrong, it is not judged while it is locked.
    assert isinstance(tried("in"), Locked)
    with services.store.read() as transaction:
        entered = [event.body for event in history(transaction, STREAM) if event.kind == "refused"]
    assert [body["locked"] is None for body in entered] == [True, False]


def test_what_was_typed_for_a_name_stands_in_no_key() -> None:
    services = small_application()
    services.entropy = lambda purpose, count: sha256(purpose.encode()).digest()[:count]
    typed, now = "口令-s3cret", services.clock.now()
    keys = {f"person:{typed}": 2, **of_origin("192.0.2.7"), f"person:{CLERK}": 9}

    def tried() -> object:
        return judge_attempt(services, keys, lambda _transaction, _now: None, typed, {"verb": "sign-in"})

    assert tried() is None
    with services.store.read() as transaction:
        attempts = transaction.sign_in_attempts
        assert (attempts.of(f"person:{typed}"), attempts.of("from:192.0.2.7")) == ([], [])
        assert len(attempts.of(f"person:{CLERK}")) == 1
        assert locked(transaction, keys, now) is None
    assert isinstance(tried(), Locked)
    with services.store.write() as transaction:
        assert locked(transaction, keys, now) is not None
        secret = transaction.settings.get(COUNTING)
        assert secret is not None
        assert not destroy_secret(transaction, now)
        assert destroy_secret(transaction, now + timedelta(days=1))
        assert not destroy_secret(transaction, now + timedelta(days=9))
        assert locked(transaction, keys, now) is None
    assert tried() is None
    with services.store.read() as transaction:
        assert transaction.settings.get(COUNTING) == secret


def test_failures_of_an_address_are_counted_under_its_printable_name() -> None:
    most = int(limits()["origin_failures"])
    assert of_origin("192.0.2.7") == {"from:192.0.2.7": most}
    assert (of_origin(None), of_origin("")) == ({}, {})
    assert of_origin("a\x07b") == {"from:a?b": most}
    assert (plain_name(""), plain_name("甲\n乙"), len(plain_name("x" * 5000)) < 500) == ("-", "甲?乙", True)
