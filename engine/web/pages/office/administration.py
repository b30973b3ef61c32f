"""For whoever keeps the deployment: its health in numbers, its people, and the way to everything else."""

from __future__ import annotations

from datetime import timedelta

from engine.app.commands import Caller
from engine.app.commands.credentials import NewPassword, PasswordsMissingError, revoke_token, set_password
from engine.app.commands.sign_in.web_sessions import end_sessions
from engine.app.queries.audit import refused_attempts
from engine.app.queries.health import read_health
from engine.app.queries.keeping.daily_digest import daily_digest
from engine.app.queries.people.credentials import list_tokens
from engine.app.queries.people.persons import list_people, show_person
from engine.app.queries.people.web_sessions import list_sessions, roles_in_words
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

#: A daemon that was silent for longer is said to be still.
SILENT = timedelta(minutes=10)
#: What a line of the digest is about -> where it is looked after.
LINKS = {
    "deliveries": "/administration/deliveries?status=incident",
    "incidents": "/incidents",
    "backups": "/administration/backups",
    "daemons": "/administration/backups",
    "tokens": "/administration",
    "certificates": "/registers/inspectors",
    "calendar": "/administration/calendars",
    "roles": "/registers/people",
}
#: Refused attempts on one page.
MAX_ATTEMPTS = 100


def show(visit: PageVisit) -> Answer:
    """Show the health of the deployment and its people."""
    application, person = visit.workbench.application, visit.person
    health = read_health(application, person, SILENT)
    if isinstance(health, Refusal):
        return refused(visit, health)
    digest = daily_digest(application, person)
    people = list_people(application, person)
    if isinstance(people, Refusal):
        return refused(visit, people)
    text = visit.query.get("text", "").strip()[:100]
    fitting = [one for one in people if text in one.actor.id or text in (one.actor.name or "")]
    return page(
        visit,
        "administration.html",
        health=health,
        digest=[] if isinstance(digest, Refusal) else digest,
        links=LINKS,
        people=roles_in_words(application, [one.actor for one in fitting[:100]]),
        active={one.actor.id: one.active for one in fitting},
        total=len(fitting),
        text=text,
    )


def person(visit: PageVisit) -> Answer:
    """Show one person with sessions and tokens; set a password, end the sessions, revoke a token."""
    application, who = visit.workbench.application, visit.parts["person"]
    wrong: tuple[Message, ...] = ()
    status = 200
    if visit.method == "POST":
        outcome = _changed(visit, who)
        if not isinstance(outcome, Refusal):
            return go_to("people", who, query="done=1")
        wrong, status = tuple(reason.message for reason in outcome.reasons), status_of(outcome)
    found = show_person(application, visit.person, who)
    if isinstance(found, Refusal):
        return refused(visit, found)
    sessions = list_sessions(application, visit.person, person=who)
    tokens = list_tokens(application, visit.person, person=who)
    return page(
        visit,
        "person_kept.html",
        status=status,
        found=found,
        sessions=None if isinstance(sessions, Refusal) else sessions,
        tokens=None if isinstance(tokens, Refusal) else tokens,
        wrong=wrong,
    )


def _changed(visit: PageVisit, who: str) -> object:
    application, caller = visit.workbench.application, Caller(visit.person)
    match visit.typed.one("do"):
        case "sessions":
            return end_sessions(application, caller, who)
        case "token":
            return revoke_token(application, caller, visit.typed.one("token"))
        case _:
            try:
                return set_password(application, caller, who, NewPassword(visit.typed.one("password")))
            except PasswordsMissingError as problem:
                return _said(problem.message)


def _said(message: Message) -> Refusal:
    from engine.kernel.refusal import RefusalReason

    return Refusal(None, "", (RefusalReason("environment", message),))


def attempts(visit: PageVisit) -> Answer:
    """Show what was refused to whom, of one case or of the deployment."""
    case = visit.query.get("case", "").strip()[:100]
    found = refused_attempts(visit.workbench.application, visit.person, case or None, MAX_ATTEMPTS)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "attempts.html", found=found, case=case, title=say("被拒绝的尝试"))
