"""Sessions of the workbench: opened by a password or once by a link, found while they are good, ended for good."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from register_fixtures import CLERK, KEEPER, OTHER, by, events, reasons, small_application

from engine.app.commands.application import Application
from engine.app.commands.credentials import NewPassword, set_password
from engine.app.commands.sign_in import web_sessions as commands
from engine.app.commands.sign_in.web_sessions import NotSignedIn, OpenedSession
from engine.app.history.credential import MACHINE, PASSWORD, with_credential
from engine.app.people.directory import find_actor
from engine.app.queries.people import web_sessions as queries
from engine.app.sign_in import passwords, tokens, web_sessions
from engine.deployment.clocks import VirtualClock

RIGHT = "correct horse battery"


# What hashing costs in earnest is data.
pytestmark = pytest.mark.usefixtures("quick_hashing")


@pytest.fixture
def application() -> Application:
    return small_application()


def opened(outcome: OpenedSession | NotSignedIn) -> OpenedSession:
    assert isinstance(outcome, OpenedSession), outcome
    return outcome


def later(application: Application, **more: float) -> None:
    clock = application.clock
    assert isinstance(clock, VirtualClock)
    clock.set(clock.now() + timedelta(**more))


def by_link(application: Application, person: str = CLERK) -> OpenedSession:
    return opened(commands.sign_in_by_link(application, commands.make_set_up_link(application), person))


def test_a_right_password_opens_a_session_and_signing_out_ends_it(application: Application) -> None:
    assert set_password(application, by(CLERK), CLERK, NewPassword(RIGHT)) == []
    wrong = commands.sign_in_by_password(application, CLERK, "wrong", origin="192.0.2.7")
    assert isinstance(wrong, NotSignedIn)
    made = opened(commands.sign_in_by_password(application, CLERK, RIGHT))
    visitor = queries.find_visitor(application, made.secret, {})
    assert visitor is not None
    assert (visitor.actor.id, visitor.credential, visitor.by_operator) == (CLERK, PASSWORD, False)
    assert isinstance(commands.change_person(application, made.secret, OTHER), NotSignedIn)
    assert commands.end_own_session(application, made.secret)
    assert not commands.end_own_session(application, made.secret)
    assert queries.find_visitor(application, made.secret, {}) is None


def test_a_link_opens_one_session_and_the_next_link_ends_it(application: Application) -> None:
    first = commands.make_set_up_link(application)
    second = commands.make_set_up_link(application)
    assert queries.named_by_link(application, first) is None
    assert CLERK in [one.id for one in queries.named_by_link(application, second) or ()]
    assert isinstance(commands.sign_in_by_link(application, second, "nobody"), NotSignedIn)
    made = opened(commands.sign_in_by_link(application, second, CLERK))
    assert isinstance(commands.sign_in_by_link(application, second, CLERK), NotSignedIn)
    assert made.session.credential == MACHINE
    changed = opened(commands.change_person(application, made.secret, OTHER))
    assert queries.find_visitor(application, made.secret, {}) is None
    visitor = queries.find_visitor(application, changed.secret, {})
    assert visitor is not None
    assert visitor.actor.id == OTHER
    assert visitor.by_operator


def test_where_proofs_are_asked_for_a_link_opens_nothing(application: Application) -> None:
    made = by_link(application)
    link = commands.make_set_up_link(application)
    with application.store.write() as transaction:
        transaction.settings.put("sign_in", "required")
    assert queries.find_visitor(application, made.secret, {}) is None
    assert isinstance(commands.sign_in_by_link(application, link, CLERK), NotSignedIn)
    assert queries.sign_in_state(application, {}).required


def test_sessions_and_links_expire(application: Application) -> None:
    made, link = by_link(application), commands.make_set_up_link(application)
    later(application, hours=passwords.limits()["session_hours"] - 1)
    assert queries.find_visitor(application, made.secret, {}) is not None
    later(application, hours=1)
    assert queries.find_visitor(application, made.secret, {}) is None
    assert queries.named_by_link(application, link) is not None
    later(application, hours=passwords.limits()["link_hours"])
    assert queries.named_by_link(application, link) is None


def test_a_secret_is_not_its_id_and_a_link_is_no_session(application: Application) -> None:
    made, link = by_link(application), commands.make_set_up_link(application)
    for secret in (made.session.id, made.secret[:-1] + "_", "", "x" * 500, link, made.secret + "\n"):
        if secret != made.secret:
            assert queries.find_visitor(application, secret, {}) is None, secret


def test_a_person_sees_and_ends_their_own_sessions_and_a_keeper_those_of_others(
    application: Application,
) -> None:
    made = by_link(application)
    assert reasons(queries.list_sessions(application, OTHER, person=CLERK))
    assert reasons(commands.end_sessions(application, by(OTHER), CLERK))
    listed = queries.list_sessions(application, CLERK, person=CLERK)
    assert [one.id for one in listed] == [made.session.id]  # type: ignore[union-attr] # no refusal
    assert commands.end_sessions(application, by(KEEPER), CLERK) == [made.session.id]
    assert queries.find_visitor(application, made.secret, {}) is None
    assert [e.kind for e in events(application, tokens.STREAM)][-3:] == [
        "session-ended",
        "session",
        "sessions-ended",
    ]


def test_a_new_password_ends_the_sessions(application: Application) -> None:
    made = by_link(application)
    set_password(application, by(CLERK), CLERK, NewPassword(RIGHT))
    assert queries.find_visitor(application, made.secret, {}) is None


def test_a_token_names_its_person_until_it_is_revoked(application: Application) -> None:
    with application.store.write() as transaction:
        now = application.clock.now()
        text, kept = tokens.create_token(transaction, now, CLERK, "", 1, KEEPER, scopes=("read",))
    visitor = queries.find_visitor_of_token(application, text)
    assert visitor is not None
    assert (visitor.actor.id, visitor.credential, visitor.scopes) == (CLERK, kept.id, ("read",))
    later(application, days=2)
    assert queries.find_visitor_of_token(application, text) is None
    assert queries.find_visitor_of_token(application, "ssj_x") is None


def test_who_has_left_has_no_session(application: Application) -> None:
    made = by_link(application)
    with application.store.write() as transaction:
        entry = transaction.registers.get("people", CLERK)
        assert entry is not None
        gone = replace(entry, data={**entry.data, "status": "left"})
        transaction.registers.put([gone], application.clock.now())
        now = application.clock.now()
        assert web_sessions.find(transaction, web_sessions.SESSION, made.secret, now) is None


def test_people_to_choose_from_have_the_titles_of_their_roles(application: Application) -> None:
    with application.store.read() as transaction:
        actors = [found for name in (CLERK, KEEPER) if (found := find_actor(transaction, name)) is not None]
    named = queries.roles_in_words(application, actors)
    assert {one.actor.id: (one.section, list(one.roles)) for one in named} == {
        CLERK: ("一股", ["经办人"]),
        KEEPER: ("", ["名录库管理员"]),
    }


def test_what_a_visitor_does_is_entered_as_proved_by_what_they_signed_in_with(
    application: Application,
) -> None:
    with application.store.read() as transaction:
        actor = find_actor(transaction, CLERK)
    assert actor is not None
    for credential, entered in (("password", "password"), (MACHINE, MACHINE)):
        with queries.Visitor(actor, credential).acting():
            assert with_credential(CLERK, {})["credential"] == entered
