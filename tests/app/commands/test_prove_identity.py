"""Proving who acts: a right password or token lets in, everything else is refused and entered."""

from __future__ import annotations

import pytest
from register_fixtures import CLERK, OTHER, by, events, small_application

from engine.app.access.table import access_row
from engine.app.commands.credentials import IssuedToken, NewPassword, create_token, set_password
from engine.app.commands.prove_identity import NotSignedIn, SignedIn, prove_by_password, prove_by_token

RIGHT = "correct horse battery"


def test_a_password_proves_its_person_alone() -> None:
    pytest.importorskip("argon2")
    application = small_application()
    assert set_password(application, by(), CLERK, NewPassword(RIGHT)) == []
    found = prove_by_password(application, CLERK, RIGHT)
    assert isinstance(found, SignedIn)
    assert (found.actor.id, found.actor.section, found.token) == (CLERK, "one", None)
    for person, password in ((CLERK, "wrong horse battery"), (OTHER, RIGHT), ("nobody", RIGHT)):
        assert isinstance(prove_by_password(application, person, password), NotSignedIn)
    refused = [event for event in events(application, "sign-in") if event.kind == "refused"]
    assert [event.actor for event in refused] == [CLERK, OTHER, "-"]


def test_a_token_proves_the_person_it_is_of() -> None:
    application = small_application()
    made = create_token(application, by(), CLERK, "导出", 30)
    assert isinstance(made, IssuedToken)
    assert made.text is not None
    found = prove_by_token(application, made.text, person=CLERK)
    assert isinstance(found, SignedIn)
    assert (found.actor.id, found.token) == (CLERK, made.id)
    assert isinstance(prove_by_token(application, made.text, person=OTHER), NotSignedIn)
    assert isinstance(prove_by_token(application, f"{made.text}x", person=CLERK), NotSignedIn)
    refused = [event for event in events(application, "sign-in") if event.kind == "refused"]
    assert len(refused) == 2


def test_both_are_open_to_anyone() -> None:
    for function in (prove_by_password, prove_by_token):
        assert vars(function)["use_case"] == "identity.prove"
    assert access_row("identity.prove").words == {"anyone"}
