"""One's own account: who one is, sessions, password, inbox; and going on as another person where the machine vouches."""

from __future__ import annotations

from engine.app.commands import Caller
from engine.app.commands.credentials import NewPassword, PasswordsMissingError, set_password
from engine.app.commands.inbox import acknowledge
from engine.app.commands.sign_in.web_sessions import NotSignedIn, change_person, end_sessions
from engine.app.queries.people.inbox import list_inbox
from engine.app.queries.people.persons import list_people, show_person
from engine.app.queries.people.web_sessions import list_sessions, roles_in_words
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.sign_in import SESSION_COOKIE
from engine.web.rendering import page, refused, sentence
from engine.web.visit import Answer, PageVisit, go_to


def show(visit: PageVisit) -> Answer:
    """Show who one is; take a new password, or end all sessions."""
    application = visit.workbench.application
    person, notice = visit.person, None
    reasons: tuple[Message, ...] = ()
    if visit.method == "POST" and visit.typed.one("do") == "sessions":
        ended = end_sessions(application, Caller(person), person)
        return refused(visit, ended) if isinstance(ended, Refusal) else go_to("sign-in")
    if visit.method == "POST":
        first, second = visit.typed.one("password"), visit.typed.one("again")
        if first != second:
            reasons = (say("两次输入的口令不一样"),)
        else:
            try:
                outcome = set_password(application, Caller(person), person, NewPassword(first))
            except PasswordsMissingError as problem:
                return sentence(visit, 503, say("不能设口令"), problem.message)
            if isinstance(outcome, Refusal):
                reasons = tuple(reason.message for reason in outcome.reasons)
            else:
                return go_to("sign-in", query="set=1")
    found = show_person(application, person, person)
    sessions = list_sessions(application, person, person=person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    if isinstance(sessions, Refusal):
        return refused(visit, sessions)
    return page(
        visit,
        "account.html",
        status=422 if reasons else 200,
        found=found,
        sessions=sessions,
        reasons=reasons,
        notice=notice,
    )


def change(visit: PageVisit) -> Answer:
    """Go on as another person, in a session the machine vouches for."""
    application = visit.workbench.application
    if visit.visitor is None or not visit.visitor.by_operator:
        return sentence(visit, 403, say("不能换人"), say("凭口令登录的，请退出后由本人登录。"))
    if visit.method == "POST":
        outcome = change_person(application, visit.secret, visit.typed.one("person"))
        if isinstance(outcome, NotSignedIn):
            return sentence(visit, 422, say("没有换人"), outcome.message)
        return go_to(cookies={SESSION_COOKIE: outcome.secret})
    found = list_people(application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    people = roles_in_words(application, [one.actor for one in found if one.active])
    return page(visit, "person.html", people=people)


def inbox(visit: PageVisit) -> Answer:
    """Show what one was sent and has not acknowledged; acknowledge it."""
    application = visit.workbench.application
    if visit.method == "POST":
        outcome = acknowledge(application, Caller(visit.person), visit.person, visit.typed.all("id"))
        if isinstance(outcome, Refusal):
            return refused(visit, outcome)
        return go_to("inbox")
    everything = visit.query.get("all") == "1"
    found = list_inbox(application, visit.person, person=visit.person, everything=everything)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "inbox.html", entries=found, everything=everything)
