"""Signing in, by password or by the one-time link of the machine, and signing out."""

from __future__ import annotations

from engine.app.commands.sign_in.web_sessions import (
    NotSignedIn,
    end_own_session,
    sign_in_by_link,
    sign_in_by_password,
)
from engine.app.queries.people.web_sessions import named_by_link, sign_in_state
from engine.language import Message, say
from engine.web.forms.unsent import FIELD, Unsent, unpacked
from engine.web.guards import form_token
from engine.web.rendering import page, sentence
from engine.web.visit import Answer, PageVisit, go_to, local_address

SESSION_COOKIE, VISIT_COOKIE = "ssj_session", "ssj_visit"


def show(visit: PageVisit) -> Answer:
    """Ask for person and password; open a session where they are right."""
    wrong: Message | None = None
    person = visit.typed.one("person").strip()
    if visit.method == "POST":
        outcome = _by_password(visit, person)
        if isinstance(outcome, Answer):
            return outcome
        wrong = outcome
    state = sign_in_state(visit.workbench.application, visit.workbench.settings)
    return page(
        visit,
        "sign_in.html",
        status=200 if wrong is None else 422,
        state=state,
        wrong=wrong,
        person=person,
        next=visit.typed.one("next") or visit.query.get("next", ""),
        unsent=unpacked(visit.typed.one(FIELD)),
    )


def ask_again(visit: PageVisit, unsent: Unsent) -> Answer:
    """Ask whose form it was that came after its session had ended; what was typed into it is carried along."""
    state = sign_in_state(visit.workbench.application, visit.workbench.settings)
    return page(visit, "sign_in.html", status=401, state=state, wrong=None, person="", next="", unsent=unsent)


def _by_password(visit: PageVisit, person: str) -> Answer | Message:
    from engine.app.commands.prove_identity import PasswordsMissingError

    try:
        outcome = sign_in_by_password(
            visit.workbench.application, person, visit.typed.one("password"), origin=visit.origin or None
        )
    except PasswordsMissingError as problem:
        return problem.message
    if isinstance(outcome, NotSignedIn):
        return outcome.message
    unsent = unpacked(visit.typed.one(FIELD))
    if unsent is not None:
        cookies: dict[str, str | None] = {SESSION_COOKIE: outcome.secret, VISIT_COOKIE: None}
        return page(
            visit,
            "unsent.html",
            cookies=cookies,
            unsent=unsent,
            address=local_address(unsent.address),
            new_token=form_token(outcome.secret),
        )
    return _signed_in(outcome.secret, visit.typed.one("next"))


def set_up(visit: PageVisit) -> Answer:
    """Let whoever holds the one-time link choose who they are: the first page of a new deployment."""
    key = visit.typed.one("key") or visit.query.get("key", "")
    people = named_by_link(visit.workbench.application, key)
    if people is None:
        return sentence(
            visit,
            404,
            say("链接不能再用"),
            say("一次性链接只能用一次，24 小时内有效。请在本机重新启动，取新的链接。"),
        )
    wrong: Message | None = None
    if visit.method == "POST":
        outcome = sign_in_by_link(visit.workbench.application, key, visit.typed.one("person"))
        if not isinstance(outcome, NotSignedIn):
            return _signed_in(outcome.secret, "")
        wrong = outcome.message
    from engine.app.queries.people.web_sessions import roles_in_words

    return page(
        visit,
        "set_up.html",
        status=200 if wrong is None else 422,
        key=key,
        people=roles_in_words(visit.workbench.application, people),
        wrong=wrong,
    )


def sign_out(visit: PageVisit) -> Answer:
    """End the session."""
    end_own_session(visit.workbench.application, visit.secret)
    return go_to("sign-in", cookies={SESSION_COOKIE: None, VISIT_COOKIE: None})


def _signed_in(secret: str, back: str) -> Answer:
    address = local_address(back)
    # The mark of the visit before is given up with it: whoever had it has nothing of the session.
    return Answer(
        status=303,
        headers={"Location": address},
        cookies={SESSION_COOKIE: secret, VISIT_COOKIE: None},
    )
