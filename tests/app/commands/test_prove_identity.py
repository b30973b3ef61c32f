"""Proving who acts: by a token or a password; what is refused is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from register_desk import CLERK, KEEPER, by, events, small_application

from engine.app.commands.credentials import IssuedToken, NewPassword, create_token, set_password
from engine.app.commands.prove_identity import NotSignedIn, SignedIn, prove_by_password, prove_by_token
from engine.app.sign_in import passwords

RIGHT = "correct horse battery"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Argon2 that costs nothing."""
    cheap = {**passwords.limits(), "argon2": {"time_cost": 1, "memory_kib": 8, "parallelism": 1}}
    monkeypatch.setattr(passwords, "limits", lambda: cheap)
    passwords._hasher.cache_clear()
    yield
    passwords._hasher.cache_clear()


def test_a_token_proves_the_person_it_is_of() -> None:
    application = small_application()
    made = create_token(application, by(CLERK), CLERK)
    assert isinstance(made, IssuedToken)
    assert made.text is not None
    found = prove_by_token(application, made.text, person=CLERK)
    assert isinstance(found, SignedIn)
    assert (found.actor.id, found.token) == (CLERK, made.id)
    for token, person in ((made.text, KEEPER), ("wrong", CLERK)):
        refused = prove_by_token(application, token, person=person)
        assert isinstance(refused, NotSignedIn)
        assert str(refused.message) == "令牌不对、已过期、已撤销，或不是此人的"
    assert [one.kind for one in events(application, "sign-in")] == ["issued", "refused", "refused"]


def test_a_password_proves_the_person_it_is_of() -> None:
    application = small_application()
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) is None
    found = prove_by_password(application, CLERK, RIGHT)
    assert isinstance(found, SignedIn)
    assert (found.actor.id, found.token) == (CLERK, None)
    for person, password in ((CLERK, "wrong"), (KEEPER, RIGHT), ("nobody", RIGHT)):
        refused = prove_by_password(application, person, password)
        assert isinstance(refused, NotSignedIn)
        assert str(refused.message) == "编号或口令不对"
