"""One's account: a password of one's own, all sessions ended, messages acknowledged."""

from __future__ import annotations

import pytest
from workbench_fixtures import Desk

from engine.app.ports.records import InboxEntry
from engine.web.pages import account

# What hashing costs in earnest is data.
pytestmark = pytest.mark.usefixtures("quick_hashing")


def test_a_password_of_ones_own(signed_in: Desk) -> None:
    assert signed_in.post("/account", password="one of many words", again="another").status_code == 422
    assert signed_in.post("/account", password="short", again="short").status_code == 422
    done = signed_in.post("/account", password="one of many words", again="one of many words")
    assert done.headers["location"] == "/sign-in?set=1"
    assert signed_in.get("/").status_code == 303


def test_all_sessions_end(signed_in: Desk) -> None:
    assert signed_in.post("/account", do="sessions").status_code == 303
    assert signed_in.get("/").status_code == 303


def test_a_message_is_acknowledged(signed_in: Desk) -> None:
    application = signed_in.bureau.application
    now = application.clock.now()
    with application.store.write() as transaction:
        entry = InboxEntry(
            id="m-1",
            recipient="clerk-1",
            case=None,
            about="notify",
            title="题目",
            text="内容",
            urgent=True,
            created_at=now,
        )
        transaction.inbox.put([entry])
    assert "题目" in signed_in.get("/inbox").text
    assert signed_in.post("/inbox", id="m-1").status_code == 303
    assert "题目" not in signed_in.get("/inbox").text
    assert "题目" in signed_in.get("/inbox?all=1").text
    assert account.show is not None
