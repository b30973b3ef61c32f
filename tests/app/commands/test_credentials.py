"""Passwords and tokens: for oneself, or by whoever keeps the register of people; secrets are kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from register_fixtures import CLERK, KEEPER, OTHER, by, events, kept_refusals, reasons, small_application

from engine.app.commands import credentials
from engine.app.commands.application import Application
from engine.app.commands.credentials import (
    MAX_TOKEN_DAYS,
    IssuedToken,
    NewPassword,
    create_token,
    revoke_token,
    set_password,
)
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.sign_in import passwords
from engine.app.sign_in.sign_in import SignedIn, sign_in_with_password, sign_in_with_token
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore
from engine.store.memory.store import MemoryTransaction

RIGHT = "correct horse battery"


# What hashing costs in earnest is data.
pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def application() -> Application:
    return small_application()


def issued(application: Application, who: str, person: str) -> IssuedToken:
    made = create_token(application, by(who), person, "夜间导出", 30)
    assert isinstance(made, IssuedToken)
    return made


def test_nobody_makes_a_token_for_another_but_who_keeps_the_register_of_people(
    application: Application,
) -> None:
    assert reasons(create_token(application, by(CLERK), KEEPER)) == [
        "“clerk-1”不能替他人办理；可由“keeper-1”本人或名录库管理员（keeper-1）办理"
    ]
    reasons(create_token(application, by("gone-1"), CLERK))
    reasons(create_token(application, by(SYSTEM), CLERK))
    assert len(kept_refusals(application)) == 3
    assert events(application, "sign-in") == []
    for who in (CLERK, KEEPER):
        made = issued(application, who, CLERK)
        assert made.text is not None
        assert isinstance(sign_in_with_token(application, made.text), SignedIn)
    assert [e.actor for e in events(application, "sign-in")] == [CLERK, KEEPER]


def test_whoever_has_left_gets_no_token(application: Application) -> None:
    assert reasons(create_token(application, by(), "gone-1")) == ["名录中没有在岗的“gone-1”"]
    assert reasons(create_token(application, by(), CLERK, "", MAX_TOKEN_DAYS + 1)) == [
        f"令牌最多有效 {MAX_TOKEN_DAYS} 天"
    ]


def test_a_token_is_shown_once_and_the_request_keeps_none_of_it(application: Application) -> None:
    once = create_token(application, by(CLERK, request_id="t"), CLERK)
    again = create_token(application, by(CLERK, request_id="t"), CLERK)
    assert isinstance(once, IssuedToken)
    assert isinstance(again, IssuedToken)
    assert (again.id, again.text) == (once.id, None)
    assert len(events(application, "sign-in")) == 1
    with application.store.read() as transaction:
        kept = transaction.idempotency_record("t")
    assert str(once.text) not in repr(kept)


def test_a_token_is_revoked_by_whose_it_is_or_by_the_keeper(application: Application) -> None:
    mine, other = issued(application, CLERK, CLERK), issued(application, OTHER, OTHER)
    reasons(revoke_token(application, by(CLERK), other.id))
    assert isinstance(sign_in_with_token(application, str(other.text)), SignedIn)
    assert revoke_token(application, by(CLERK), mine.id) is True
    assert revoke_token(application, by(CLERK), mine.id) is False
    assert revoke_token(application, by(), other.id) is True
    assert reasons(revoke_token(application, by(), "absent")) == ["没有令牌“absent”"]


def test_a_password_is_set_for_oneself_or_by_the_keeper(application: Application) -> None:
    reasons(set_password(application, by(CLERK), OTHER, NewPassword(RIGHT)))
    assert not isinstance(sign_in_with_password(application, OTHER, RIGHT), SignedIn)
    for who in (OTHER, KEEPER):
        assert set_password(application, by(who), OTHER, NewPassword(RIGHT)) == []
    assert isinstance(sign_in_with_password(application, OTHER, RIGHT), SignedIn)
    assert len(reasons(set_password(application, by(), OTHER, NewPassword("aaaa")))) == 2
    assert reasons(set_password(application, by(), "gone-1", NewPassword(RIGHT))) == [
        "名录中没有在岗的“gone-1”"
    ]


def test_a_password_stands_in_no_record_of_a_request(application: Application) -> None:
    for _ in range(2):
        assert set_password(application, by(CLERK, request_id="p"), CLERK, NewPassword(RIGHT)) == []
    assert [e.kind for e in events(application, "sign-in")] == ["password"]
    assert RIGHT not in repr(NewPassword(RIGHT))
    with application.store.read() as transaction:
        first = transaction.idempotency_record("p")
    set_password(application, by(CLERK, request_id="q"), CLERK, NewPassword(RIGHT + " 2"))
    with application.store.read() as transaction:
        second = transaction.idempotency_record("q")
    # No digest is made of it either: two passwords leave the same.
    assert first is not None
    assert second is not None
    assert first.digest == second.digest


def test_no_password_is_hashed_while_others_wait_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    class Watched(MemoryStore):
        """A store that knows whether somebody writes."""

        writing = False

        @contextmanager
        def write(self) -> Iterator[MemoryTransaction]:
            with super().write() as transaction:
                self.writing = True
                try:
                    yield transaction
                finally:
                    self.writing = False

    store = Watched()
    hashed: list[bool] = []

    def hash_password(password: str) -> str:
        hashed.append(store.writing)
        return passwords.hash_password(password)

    monkeypatch.setattr(credentials, "hash_password", hash_password)
    application = small_application(store)
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) == []
    assert hashed == [False]
    assert isinstance(sign_in_with_password(application, CLERK, RIGHT), SignedIn)


def test_a_new_password_ends_tokens_unless_they_are_kept(application: Application) -> None:
    first = issued(application, CLERK, CLERK)
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT), keep_tokens=True) == []
    assert isinstance(sign_in_with_token(application, str(first.text)), SignedIn)
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) == [first.id]
    assert not isinstance(sign_in_with_token(application, str(first.text)), SignedIn)
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) == []


def test_sign_in_is_required_by_somebody_who_could_sign_in(application: Application) -> None:
    assert reasons(credentials.set_sign_in_mode(application, by(), "maybe")) == [
        "应为 trust、required 之一，实为“maybe”"
    ]
    assert "无从办理" in reasons(credentials.set_sign_in_mode(application, by(), "required"))[0]
    issued(application, KEEPER, KEEPER)
    assert credentials.set_sign_in_mode(application, by(), "required") is True
    assert credentials.set_sign_in_mode(application, by(), "required") is False
    assert "不能办理此事" in reasons(credentials.set_sign_in_mode(application, by(CLERK), "trust"))[0]


@pytest.mark.parametrize("wrong", [True, False])
def test_tries_side_by_side_are_answered_no_more_often_than_they_may_fail(
    application: Application, monkeypatch: pytest.MonkeyPatch, wrong: bool
) -> None:
    """Many tries have read the hash before the first is judged; whoever finds the lock is not answered, right or wrong."""
    set_password(application, by(CLERK), CLERK, NewPassword(RIGHT))
    nested = 8

    def all_at_once(kept: str, password: str) -> bool:
        nonlocal nested
        if nested:
            nested -= 1
            sign_in_with_password(application, CLERK, "wrong wrong wrong")
        return passwords.matches(kept, password)

    monkeypatch.setattr("engine.app.sign_in.sign_in.matches", all_at_once)
    outcome = sign_in_with_password(application, CLERK, "wrong" if wrong else RIGHT)
    assert getattr(outcome, "until", None) is not None
    assert len([event for event in events(application, "sign-in") if event.kind == "refused"]) == 5


def test_one_password_tried_on_everybody_locks_its_origin(application: Application) -> None:
    for number in range(60):
        said = sign_in_with_password(application, f"person-{number}", RIGHT, origin="account:clerk")
    assert getattr(said, "until", None) is not None
    # From elsewhere others sign in.
    assert getattr(sign_in_with_password(application, CLERK, RIGHT, origin="x"), "until", None) is None


def test_the_password_of_another_is_agreed_to_by_a_second_person_where_there_are_two(
    application: Application,
) -> None:
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    reasons(set_password(application, by(), CLERK, NewPassword(RIGHT)))
    with application.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    assert (proposal.summary["title"], proposal.summary["keep_tokens"]) == ("给“clerk-1”设新口令", False)
    assert not isinstance(sign_in_with_password(application, CLERK, RIGHT), SignedIn)
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) == []
    assert isinstance(sign_in_with_password(application, CLERK, RIGHT), SignedIn)
