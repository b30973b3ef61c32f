"""What two have to agree to: done by one where there is no second administrator, and marked; else proposed and confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from register_fixtures import BUREAU, CLERK, KEEPER, NOTE, OTHER, by, events, reasons, small_application

from engine.app.access.proposals import MAX_AGE, SecondPerson, settle
from engine.app.commands.application import Application
from engine.app.commands.credentials import (
    IssuedToken,
    NewPassword,
    create_token,
    set_password,
    set_sign_in_mode,
)
from engine.app.commands.people import Confirmation, NewPerson, add_person
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import publish
from engine.app.ports.records import Proposal, RegisterEntry
from engine.app.queries.people.proposals import list_proposals
from engine.app.registers.confirmations import confirmations_of
from engine.app.registers.import_entries import import_entries
from engine.definition.library import Loaded, load_files
from engine.definition.resources import workflows_dir
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.command import SYSTEM

RIGHT = "correct horse battery"
SECOND = "keeper-2"


def proposals(application: Application) -> list[Proposal]:
    with application.store.read() as transaction:
        return transaction.proposals.all()


def inbox(application: Application, person: str) -> list[str]:
    with application.store.read() as transaction:
        return [entry.text for entry in transaction.inbox.of(person)]


def two_administrators() -> Application:
    application = small_application()
    assert isinstance(add_person(application, by(), SECOND, "管理员02", roles=("roster_admin",)), NewPerson)
    assert set_administrators(application, by(), (KEEPER, SECOND)) == []
    return application


#: What two agree to, done by KEEPER.
ACTS: dict[str, Callable[[Application], Any]] = {
    "another's token": lambda a: create_token(a, by(), CLERK, "夜间", 30),
    "another's password": lambda a: set_password(a, by(), CLERK, NewPassword(RIGHT)),
    "somebody's roles": lambda a: add_person(a, by(), "new-1", "新人", section="one", roles=("clerk",)),
    "who confirms": lambda a: set_administrators(a, by(), (KEEPER, OTHER)),
    "how people sign in": lambda a: set_sign_in_mode(a, by(), "trust"),
}


@pytest.mark.parametrize("act", sorted(ACTS))
def test_alone_it_is_done_and_marked(act: str) -> None:
    application = small_application()
    before = len(proposals(application))
    assert not hasattr(ACTS[act](application), "reasons")
    (made,) = proposals(application)[before:]
    assert (made.by, made.status) == (KEEPER, "single-handed")
    marked = [
        event
        for stream in ("office", "sign-in", "register:people", "proposals")
        for event in events(application, stream)
        if event.body.get("single_handed") is True
    ]
    # The act itself, and the entry that one person did it.
    assert {event.body.get("proposal", event.body.get("id")) for event in marked} == {made.id}
    assert len(marked) >= 2


@pytest.mark.parametrize("act", sorted(ACTS))
def test_with_a_second_keeper_it_is_proposed_confirmed_and_done_once(act: str) -> None:
    application = two_administrators()
    done = len(proposals(application))
    refused = reasons(ACTS[act](application))
    assert len(refused) == 1
    assert "尚未办理：已提请" in refused[0]
    # Asked again it is the same proposal.
    reasons(ACTS[act](application))
    (made,) = proposals(application)[done:]
    assert made.status == "open"
    for person in (KEEPER, SECOND):
        assert any(made.id in text for text in inbox(application, person)), person
    assert confirm(application, by(SECOND), made.id) == KEEPER
    assert not hasattr(ACTS[act](application), "reasons")
    assert proposals(application)[-1].status == "done"
    agreed = [
        event.body["confirmed_by"]
        for stream in ("office", "sign-in", "register:people", "proposals")
        for event in events(application, stream)
        if event.body.get("proposal") == made.id
    ]
    assert agreed
    assert set(agreed) == {SECOND}


def test_the_person_it_is_about_may_agree(application_of_two: Application) -> None:
    application = application_of_two
    reasons(create_token(application, by(), CLERK))
    made = proposals(application)[-1]
    assert any(made.id in text for text in inbox(application, CLERK))
    assert confirm(application, by(CLERK), made.id) == KEEPER
    assert isinstance(create_token(application, by(), CLERK), IssuedToken)
    # Once: the next one is a proposal of its own.
    reasons(create_token(application, by(), CLERK))


def test_other_words_are_another_act(application_of_two: Application) -> None:
    application = application_of_two
    reasons(create_token(application, by(), CLERK, "a", 30))
    confirm(application, by(CLERK), proposals(application)[-1].id)
    reasons(create_token(application, by(), CLERK, "a", 300))
    reasons(create_token(application, by(), OTHER, "a", 30))
    # Of another person too.
    reasons(create_token(application, by(SECOND), CLERK, "a", 30))
    assert isinstance(create_token(application, by(), CLERK, "a", 30), IssuedToken)


def test_a_row_that_says_confirmed_is_no_agreement(application_of_two: Application) -> None:
    """Whoever writes the row by hand has nobody's agreement: the history says who agreed, and to what."""
    application = application_of_two
    reasons(create_token(application, by(), CLERK, "a", 30))
    made = proposals(application)[-1]
    with application.store.write() as transaction:
        transaction.proposals.decide(made, "confirmed", CLERK, application.clock.now(), None)
    refused = reasons(create_token(application, by(), CLERK, "a", 30))
    assert len(refused) == 1
    assert "不是本程序写入的" in refused[0]
    assert proposals(application)[-1].status == "confirmed"


def test_what_was_agreed_to_is_what_the_history_says(application_of_two: Application) -> None:
    application = application_of_two
    reasons(create_token(application, by(), CLERK, "a", 30))
    made = proposals(application)[-1]
    assert confirm(application, by(CLERK), made.id) == KEEPER
    now, second = application.clock.now(), SecondPerson(say("令牌"), CLERK, CLERK)
    changed = replace(proposals(application)[-1], digest="0" * 64)
    with application.store.write() as transaction:
        # The digest of another act in the row of the one that was agreed to.
        transaction.proposals.all = lambda: [changed]  # type: ignore[method-assign]
        answer = settle(transaction, now, KEEPER, made.use_case, lambda: "0" * 64, second)
    assert isinstance(answer, Refusal)
    assert "不是本程序写入的" in str(answer)


def test_a_confirmation_does_not_hold_for_ever(application_of_two: Application) -> None:
    application = application_of_two
    reasons(create_token(application, by(), CLERK))
    confirm(application, by(CLERK), proposals(application)[-1].id)
    assert isinstance(application.clock, VirtualClock)
    application.clock.advance(MAX_AGE + timedelta(seconds=1))
    reasons(create_token(application, by(), CLERK))


def test_for_oneself_nobody_is_asked(application_of_two: Application) -> None:
    assert isinstance(create_token(application_of_two, by(CLERK), CLERK), IssuedToken)
    assert set_password(application_of_two, by(CLERK), CLERK, NewPassword(RIGHT)) != []


def test_what_is_confirmed_with_a_person_is_shown_to_the_second(application_of_two: Application) -> None:
    """Nothing of it is kept before the second agrees, and another confirmation is another proposal."""
    odd = Confirmation("new-1", "phone", "0852-1234", "境外号码，已拨通")

    def add(reason: str = odd.reason) -> Any:
        given = [replace(odd, reason=reason)]
        return add_person(
            application_of_two, by(), "new-1", "新人", roles=("clerk",), phone="0852-1234", confirm=given
        )

    assert isinstance(add(), Refusal)
    assert events(application_of_two, confirmations_of("people")) == []
    listed = list_proposals(application_of_two, SECOND)
    assert not isinstance(listed, Refusal)
    made = listed[-1]
    assert "“联系电话”为“0852-1234”，理由：境外号码，已拨通" in made.summary["title"]
    assert [one["value"] for one in made.summary["confirmed"]] == ["0852-1234"]
    confirm(application_of_two, by(SECOND), made.id)
    assert isinstance(add("另一理由"), Refusal)
    assert isinstance(add(), NewPerson)
    (kept,) = events(application_of_two, confirmations_of("people"))
    assert (kept.actor, kept.body["confirmed_by"]) == (KEEPER, SECOND)


def test_a_dry_run_proposes_nothing(application_of_two: Application) -> None:
    before = proposals(application_of_two)
    create_token(application_of_two, by(KEEPER, dry_run=True), CLERK)
    assert proposals(application_of_two) == before


def test_the_first_entries_of_a_deployment_are_the_systems() -> None:
    application = small_application()
    with application.store.write() as transaction:
        second = SecondPerson(say("一"))
        assert settle(transaction, application.clock.now(), SYSTEM, "x", lambda: "", second) == {}


@pytest.fixture
def application_of_two() -> Application:
    return two_administrators()


def other_errand() -> Loaded:
    loaded = load_files({"bureau.yaml": BUREAU, "errand.yaml": NOTE.replace("差事", "别的差事")})
    assert loaded.sound
    return loaded


def test_of_every_role_nobody_does_alone_what_two_agree_to_unmarked() -> None:
    """Commands x roles: whoever holds one role of the shipped bureau is refused, or the entry says that one did it."""
    text = (workflows_dir() / "bureau.yaml").read_text(encoding="utf-8")
    application = small_application()
    bureau = load_files({"bureau.yaml": text}).bureau
    assert bureau is not None
    people = [
        RegisterEntry("people", f"only-{role}", f"{role}", "market", {"roles": [role], "status": "active"})
        for role in bureau.roles
    ]
    import_entries(application, "people", people, SYSTEM, source="test")
    acts: dict[str, Callable[[str], Any]] = {
        "credential.change": lambda who: create_token(application, by(who), CLERK, who),
        "register.change/people": lambda who: add_person(
            application, by(who), f"new-{who}", "新人", roles=("clerk",)
        ),
        "administrator.change": lambda who: set_administrators(application, by(who), (who, who)),
        "sign_in.change": lambda who: set_sign_in_mode(application, by(who), "trust"),
        "definition.publish": lambda who: publish(application, by(who), other_errand(), who),
    }
    for person in (entry.id for entry in people):
        for use_case, act in acts.items():
            done = len(proposals(application))
            if isinstance(act(person), Refusal):
                continue
            (made,) = proposals(application)[done:]
            assert (made.by, made.use_case, made.status) == (person, use_case, "single-handed")
    assert proposals(application)


@pytest.mark.parametrize("act", sorted(ACTS))
def test_where_all_who_could_agree_are_away_nobody_acts_alone_but_names_others(act: str) -> None:
    application = two_administrators()
    with application.store.write() as transaction:
        second = transaction.registers.get("people", SECOND)
        assert second is not None
        away = replace(second, data={**second.data, "status": "left"})
        transaction.registers.put([away], application.clock.now())
    outcome = ACTS[act](application)
    if act == "who confirms":
        assert outcome == [KEEPER, SECOND]
        assert proposals(application)[-1].status == "single-handed"
        assert "待clerk-1、clerk-2确认" in reasons(ACTS["another's token"](application))[0]
        return
    assert "其他管理员（keeper-2）都不在岗" in reasons(outcome)[0]
    assert [event.body["reasons"][0]["code"] for event in events(application, "office")][-1] == "no-second"
