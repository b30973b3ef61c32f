"""By what somebody has proved who they are stands in every entry, and only as long as they act."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.app.history.credential import (
    ALL,
    ENGINE,
    MACHINE,
    PASSWORD,
    add_credential,
    by_token,
    credential_of,
    is_token,
    marked,
    proven,
    scopes_of,
    with_credential,
)
from engine.app.history.journal import add_entry
from engine.store.memory.store import MemoryStore

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)


def test_what_was_proved_holds_in_its_block_alone() -> None:
    assert credential_of("anna") == MACHINE
    assert credential_of("engine") == ENGINE
    assert not by_token("anna")
    with proven("anna", "0badcafe", ("read",)), proven("bert", PASSWORD):
        assert by_token("anna")
        assert not by_token("bert")
        assert (credential_of("anna"), scopes_of("anna")) == ("0badcafe", ("read",))
        assert (credential_of("bert"), scopes_of("bert")) == (PASSWORD, (ALL,))
        # Nobody else's proof is theirs.
        assert (credential_of("carl"), scopes_of("carl")) == (MACHINE, (ALL,))
    assert credential_of("anna") == MACHINE
    assert [is_token(one) for one in ("0badcafe", PASSWORD, MACHINE, ENGINE)] == [True, False, False, False]


def test_a_journal_says_it_and_what_the_act_is_marked_with() -> None:
    store = MemoryStore()
    with store.write() as transaction, proven("anna", "0badcafe"), marked({"single_handed": True}):
        add_entry(transaction, NOON, "done", "anna", {"a": 1})
    with store.read() as transaction:
        (event,) = transaction.events.of("office")
    assert event.body == {"a": 1, "credential": "0badcafe", "single_handed": True}
    # What a body says of itself does not count.
    assert with_credential("anna", {"credential": "forged"}) == {"credential": MACHINE}


def test_a_body_is_given_the_credential_and_the_marks_of_the_act() -> None:
    body = {"verb": "x"}
    with proven("anna", "0badcafe"), marked({"confirmed_by": "bert"}):
        add_credential("anna", body)
    assert body == {"verb": "x", "confirmed_by": "bert", "credential": "0badcafe"}
