"""A try is judged once: what is let in counts nothing, what is not is counted, entered, and locks in the end."""

from __future__ import annotations

from rectification_fixtures import rectification_desk

from engine.app.history.replay import history
from engine.app.sign_in.attempts import Locked, judge_attempt, of_origin, plain_name
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


def test_failures_of_an_address_are_counted_under_its_printable_name() -> None:
    most = int(limits()["origin_failures"])
    assert of_origin("192.0.2.7") == {"from:192.0.2.7": most}
    assert (of_origin(None), of_origin("")) == ({}, {})
    assert of_origin("a\x07b") == {"from:a?b": most}
    assert (plain_name(""), plain_name("甲\n乙"), len(plain_name("x" * 5000)) < 500) == ("-", "甲?乙", True)
