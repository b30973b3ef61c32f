"""A administrator's lost password: given on the machine, for administrators only, ended tokens, and seen by all who keep."""

from __future__ import annotations

import pytest
from register_fixtures import CLERK, KEEPER, by, events, reasons, small_application

from engine.app.commands.credentials import IssuedToken, NewPassword, create_token
from engine.app.commands.proposals.recovery import recover_password
from engine.app.sign_in.sign_in import SignedIn, sign_in_with_password, sign_in_with_token

RIGHT = "correct horse battery"


# What hashing costs in earnest is data.
pytestmark = pytest.mark.usefixtures("quick_hashing")


def test_it_shows() -> None:
    application = small_application()
    token = create_token(application, by(), KEEPER)
    assert isinstance(token, IssuedToken)
    assert recover_password(application, "root", KEEPER, NewPassword(RIGHT)) == [KEEPER]
    assert isinstance(sign_in_with_password(application, KEEPER, RIGHT), SignedIn)
    assert not isinstance(sign_in_with_token(application, str(token.text)), SignedIn)
    entry = next(event for event in events(application, "sign-in") if event.kind == "recovered")
    assert (entry.actor, entry.body["person"], entry.body["credential"]) == (
        "account:root",
        KEEPER,
        "machine",
    )
    with application.store.read() as transaction:
        (told,) = transaction.inbox.of(KEEPER)
    assert told.urgent
    assert "root" in told.text


def test_for_keepers_only_and_no_weak_one() -> None:
    application = small_application()
    for person in (CLERK, "gone-1", "absent"):
        assert (
            "不是在岗的管理员"
            in reasons(recover_password(application, "root", person, NewPassword(RIGHT)))[0]
        )
    assert reasons(recover_password(application, "root", KEEPER, NewPassword("aaa"))) != []
    assert events(application, "sign-in") == []
