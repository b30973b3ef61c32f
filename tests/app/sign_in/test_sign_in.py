"""Who is let in: passwords and tokens, bounded tries, nothing told to strangers, every refusal in the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_bureau import PEOPLE, SmallBureau, small_bureau

from engine.app.audit.verify_deployment import verify
from engine.app.ports.store import Transaction
from engine.app.registers.maintenance import put_one
from engine.app.sign_in import passwords, sign_in
from engine.app.sign_in.sign_in import (
    NotSignedIn,
    SignedIn,
    has_password,
    put_password_hash,
    sign_in_with_password,
    sign_in_with_token,
)
from engine.app.sign_in.tokens import STREAM, create_token, revoke_token, tokens
from engine.language import Message

T = TypeVar("T")

RIGHT = "correct horse battery"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 that costs nothing; what it costs in earnest is data."""
    cheap = {**passwords.limits(), "argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}
    monkeypatch.setattr(passwords, "limits", lambda: cheap)
    passwords._hasher.cache_clear()
    passwords.nobodys_hash.cache_clear()
    yield
    passwords._hasher.cache_clear()
    passwords.nobodys_hash.cache_clear()


@pytest.fixture
def bureau() -> SmallBureau:
    made = small_bureau()
    assert write(made, set_password, "clerk-1", RIGHT, "head-1") == []
    return made


def set_password(
    transaction: Transaction, now: datetime, person: str, password: str, by: str
) -> list[Message]:
    """Store a new password as the command does; return what is wrong with it."""
    if problems := passwords.why_weak(password, person):
        return problems
    put_password_hash(transaction, now, person, passwords.hash_password(password), by)
    return []


def write(bureau: SmallBureau, function: Callable[..., T], *arguments: object) -> T:
    """Call a function that works in a writing transaction."""
    with bureau.application.store.write() as transaction:
        return function(transaction, bureau.clock.now(), *arguments)


def chain(bureau: SmallBureau) -> list[tuple[str, str]]:
    with bureau.application.store.read() as transaction:
        assert list(verify(transaction)) == []
        return [(event.kind, event.actor) for event in transaction.events.of(STREAM)]


def test_a_right_password_and_wrong_ones(bureau: SmallBureau) -> None:
    found = sign_in_with_password(bureau.application, "clerk-1", RIGHT)
    assert isinstance(found, SignedIn)
    assert (found.actor.id, found.actor.roles) == ("clerk-1", frozenset({"clerk"}))
    said = {
        str(outcome.message)
        for person, password in (
            ("clerk-1", RIGHT + " "),
            ("clerk-1", ""),
            ("clerk-2", RIGHT),
            ("nobody", RIGHT),
            ("nobody\nclerk-1", RIGHT),
        )
        if isinstance(outcome := sign_in_with_password(bureau.application, person, password), NotSignedIn)
    }
    assert said == {"编号或口令不对"}
    assert chain(bureau)[1:] == [
        ("refused", "clerk-1"),
        ("refused", "clerk-1"),
        ("refused", "clerk-2"),
        ("refused", "nobody"),
        ("refused", "nobody?clerk-1"),
    ]


def test_five_failures_lock_and_time_unlocks(bureau: SmallBureau) -> None:
    for _ in range(5):
        assert isinstance(sign_in_with_password(bureau.application, "clerk-1", "wrong"), NotSignedIn)
    before = chain(bureau)
    locked = sign_in_with_password(bureau.application, "clerk-1", RIGHT)
    assert isinstance(locked, NotSignedIn)
    assert locked.until == bureau.clock.now() + timedelta(minutes=15)
    assert "09-14 10:15" in str(locked.message)
    # Knocking at a locked door fills no chain.
    assert chain(bureau) == before
    bureau.clock.advance(timedelta(minutes=15))
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), SignedIn)


def test_failures_long_ago_are_forgotten(bureau: SmallBureau) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in_with_password(bureau.application, "clerk-1", "wrong")
        bureau.clock.advance(timedelta(minutes=16))
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), SignedIn)
    for _ in range(4):
        sign_in_with_password(bureau.application, "clerk-1", "wrong")
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), SignedIn)
    for _ in range(4):
        sign_in_with_password(bureau.application, "clerk-1", "wrong")
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), SignedIn)


def test_an_origin_that_tries_everybody_is_locked(bureau: SmallBureau) -> None:
    for number in range(50):
        sign_in_with_password(bureau.application, f"guess-{number}", "wrong", origin="192.0.2.7")
    locked = sign_in_with_password(bureau.application, "clerk-1", RIGHT, origin="192.0.2.7")
    assert isinstance(locked, NotSignedIn)
    assert locked.until is not None
    assert isinstance(
        sign_in_with_password(bureau.application, "clerk-1", RIGHT, origin="192.0.2.8"), SignedIn
    )


def test_a_new_password_opens_the_lock(bureau: SmallBureau) -> None:
    for _ in range(5):
        sign_in_with_password(bureau.application, "clerk-1", "wrong")
    assert write(bureau, set_password, "clerk-1", "another long password", "head-1") == []
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", "another long password"), SignedIn)
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), NotSignedIn)


def test_weak_passwords_are_told_all_at_once(bureau: SmallBureau) -> None:
    assert len(write(bureau, set_password, "a", "aaaa", "head-1")) == 3
    assert len(write(bureau, set_password, "clerk-2", "x" * 300, "head-1")) == 2
    assert write(bureau, set_password, "clerk-2", "本局的口令要足够长才行", "head-1") == []
    with bureau.application.store.read() as transaction:
        assert not has_password(transaction, "a")
        kept = str(transaction.credentials.get("clerk-2"))
    assert RIGHT not in kept
    assert "$argon2id$" in kept


def test_who_has_left_is_not_let_in(bureau: SmallBureau) -> None:
    token, _ = write(bureau, create_token, "clerk-1", "", 30, "head-1")
    assert isinstance(sign_in_with_token(bureau.application, token), SignedIn)
    gone = replace(PEOPLE[0], data={"roles": ["clerk"], "status": "left"})
    write(bureau, put_one, gone, "head-1")
    assert isinstance(sign_in_with_token(bureau.application, token), NotSignedIn)
    assert isinstance(sign_in_with_password(bureau.application, "clerk-1", RIGHT), NotSignedIn)


def test_tokens_are_shown_once_expire_and_are_taken_back(bureau: SmallBureau) -> None:
    token, kept = write(bureau, create_token, "clerk-1", "夜间导出", 30, "head-1")
    found = sign_in_with_token(bureau.application, f"{token}\n", person="clerk-1")
    assert isinstance(found, SignedIn)
    assert found.token == kept.id
    assert isinstance(sign_in_with_token(bureau.application, token, person="clerk-2"), NotSignedIn)
    with bureau.application.store.read() as transaction:
        assert token not in str([transaction.settings.get(name) for name in transaction.settings.names("")])
        assert [one.label for one in tokens(transaction, "clerk-1")] == ["夜间导出"]
        assert tokens(transaction, "clerk-2") == []
    bureau.clock.advance(timedelta(days=30))
    assert isinstance(sign_in_with_token(bureau.application, token), NotSignedIn)
    other, second = write(bureau, create_token, "clerk-1", "", 30, "clerk-1")
    assert isinstance(sign_in_with_token(bureau.application, other), SignedIn)
    assert write(bureau, revoke_token, second.id, "clerk-1") is not None
    assert write(bureau, revoke_token, second.id, "clerk-1") is None
    assert isinstance(sign_in_with_token(bureau.application, other), NotSignedIn)
    assert [kind for kind, _ in chain(bureau)] == [
        "password", "issued", "refused", "refused", "issued", "revoked", "refused",
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_text_is_a_token(text: str) -> None:
    bureau = small_bureau()
    for given_text in (text, f"ssj_{text}", "ssj_00000000_" + "A" * 43):
        assert isinstance(sign_in_with_token(bureau.application, given_text, origin=text), NotSignedIn)


def test_without_the_library_one_sentence_says_what_to_do(
    bureau: SmallBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    passwords._hasher.cache_clear()
    monkeypatch.setitem(sys.modules, "argon2", None)
    with pytest.raises(passwords.PasswordsMissingError, match="passwords"):
        write(bureau, set_password, "clerk-2", RIGHT, "head-1")
    passwords._hasher.cache_clear()


def test_what_changed_while_a_password_was_compared_is_seen(
    bureau: SmallBureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison takes long and no transaction is open; what it finds holds only for what is kept at its end."""

    def while_comparing(act: Callable[[], object]) -> SignedIn | NotSignedIn:
        def slow(kept: str, password: str) -> bool:
            act()
            return passwords.matches(kept, password)

        with monkeypatch.context() as patched:
            patched.setattr(sign_in, "matches", slow)
            return sign_in_with_password(bureau.application, "clerk-1", RIGHT)

    assert isinstance(while_comparing(lambda: None), SignedIn)
    other = "another long password"
    said = while_comparing(lambda: write(bureau, set_password, "clerk-1", other, "head-1"))
    assert isinstance(said, NotSignedIn)
    assert str(said.message) == "编号或口令不对"
    write(bureau, set_password, "clerk-1", RIGHT, "head-1")

    def fail() -> None:
        for _ in range(5):
            sign_in._judged(
                bureau.application, "clerk-1", {"person:clerk-1": 5}, "password", None, lambda _: None
            )

    locked = while_comparing(fail)
    assert isinstance(locked, NotSignedIn)
    assert locked.until is not None
