from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.app.sign_in.tokens import STREAM, create_token, find_token, revoke_token, tokens
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def counted(size: int) -> bytes:
    return bytes(range(size))


def test_a_token_is_made_found_and_revoked() -> None:
    store = MemoryStore()
    with store.write() as transaction:
        text, made = create_token(transaction, NOW, "anna", "程序", 30, "carl", counted)
        assert text == "ssj_00010203_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        assert (made.person, made.label, made.expires_at) == ("anna", "程序", NOW + timedelta(days=30))
        assert text not in str(made)
        assert find_token(transaction, text) == made
        wrong = text[:-1] + "A"
        assert [find_token(transaction, one) for one in (wrong, text + "x", "", "ssj_")] == [None] * 4
        assert (tokens(transaction), tokens(transaction, "anna"), tokens(transaction, "bela")) == (
            [made],
            [made],
            [],
        )
        assert revoke_token(transaction, NOW, "absent", "carl") is None
        assert revoke_token(transaction, NOW, made.id, "carl") == made
        assert revoke_token(transaction, NOW, made.id, "carl") is None
        found = find_token(transaction, text)
        assert found is not None
        assert found.revoked_at == NOW
        history = transaction.events.of(STREAM)
    assert [(event.kind, event.actor, event.body["person"]) for event in history] == [
        ("issued", "carl", "anna"),
        ("revoked", "carl", "anna"),
    ]
    assert text not in str(history)


def test_a_name_is_never_given_twice() -> None:
    given = iter([b"aaaa", b"x" * 32, b"aaaa", b"bbbb", b"y" * 32])
    with MemoryStore().write() as transaction:
        names = [
            create_token(transaction, NOW, "anna", "a", 1, "anna", lambda size: next(given))[1].id
            for _ in range(2)
        ]
    assert names == [b"aaaa".hex(), b"bbbb".hex()]
