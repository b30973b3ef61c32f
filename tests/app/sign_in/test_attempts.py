"""A try is judged once: what is let in counts nothing, what is not is counted, entered, and locks in the end."""

from __future__ import annotations

from rectification_fixtures import rectification_desk

from engine.app.history.replay import history
from engine.app.sign_in.attempts import Locked, judge_attempt
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
