"""Signing in to the workbench and out of it: by a password, or by a one-time link the operator of the machine was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, StoreAndClock, command
from engine.app.access.identity_use_case import before_access
from engine.app.access.text_check import why_unfit_person
from engine.app.history.credential import MACHINE, PASSWORD
from engine.app.history.retry import retry_on_conflict
from engine.app.people.directory import is_active
from engine.app.ports.records import WebSession
from engine.app.sign_in import sign_in, web_sessions
from engine.app.sign_in.mode import REQUIRED, sign_in_mode
from engine.app.sign_in.sign_in import NotSignedIn
from engine.language import say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.app.sign_in.sign_in import SignedIn

__all__ = [
    "NotSignedIn",
    "OpenedSession",
    "WebSession",
    "change_person",
    "end_own_session",
    "end_sessions",
    "make_set_up_link",
    "sign_in_by_link",
    "sign_in_by_password",
]


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was opened. `secret` is shown once and not kept."""

    secret: str = field(repr=False)
    session: WebSession


@before_access("identity.prove")
def sign_in_by_password(
    services: Services, person: str, password: str, *, origin: str | None = None
) -> OpenedSession | NotSignedIn:
    """Open a session for somebody whose password is right.

    Raises PasswordsMissingError where the library for passwords is not installed.
    """
    if (unfit := why_unfit_person(person)) is not None:
        return NotSignedIn(unfit.message)
    opened: list[OpenedSession] = []

    def within(transaction: Transaction, found: SignedIn) -> None:
        # A password that is changed meanwhile ends this session, or lets nobody in.
        opened.append(_opened(services, transaction, found.actor.id, PASSWORD))

    outcome = sign_in.sign_in_with_password(services, person, password, origin=origin, within=within)
    return outcome if isinstance(outcome, NotSignedIn) else opened[-1]


@before_access("identity.prove")
def make_set_up_link(services: StoreAndClock) -> str:
    """Return the secret of a new one-time link, for the operator of the machine; older links end."""

    def transact() -> str:
        now = services.clock.now()
        with services.store.write() as transaction:
            transaction.serialize()
            for one in transaction.web_sessions.all(""):
                if one.good(now):
                    transaction.web_sessions.end(one.id, now)
            return web_sessions.make_link(transaction, now)[0]

    return retry_on_conflict(transact)


@before_access("identity.prove")
def sign_in_by_link(services: Services, secret: str, person: str) -> OpenedSession | NotSignedIn:
    """Open a session for the person the holder of a one-time link names; the link is used up.

    Refused where the deployment asks for proofs: a link proves nothing but that somebody runs the machine.
    """
    if (unfit := why_unfit_person(person)) is not None:
        return NotSignedIn(unfit.message)

    def transact() -> OpenedSession | NotSignedIn:
        with services.store.write() as transaction:
            transaction.serialize()
            now = services.clock.now()
            link = web_sessions.find(transaction, web_sessions.LINK, secret, now)
            if link is None:
                return NotSignedIn(say("这个链接不对、已用过，或已过期；请到本机重新启动，取新的链接"))
            if (no := _why_not_as(services, transaction, person)) is not None:
                return no
            web_sessions.end(transaction, now, link, person)
            return _opened(services, transaction, person, MACHINE)

    return retry_on_conflict(transact)


@before_access("identity.prove")
def change_person(services: Services, secret: str, person: str) -> OpenedSession | NotSignedIn:
    """Go on as another person, in a session the operator of the machine opened by a link; that session ends."""
    if (unfit := why_unfit_person(person)) is not None:
        return NotSignedIn(unfit.message)

    def transact() -> OpenedSession | NotSignedIn:
        with services.store.write() as transaction:
            transaction.serialize()
            now = services.clock.now()
            found = web_sessions.find(transaction, web_sessions.SESSION, secret, now)
            if found is None or found.credential != MACHINE:
                return NotSignedIn(say("凭口令登录的，不能换成他人；请退出后由本人登录"))
            if (no := _why_not_as(services, transaction, person)) is not None:
                return no
            web_sessions.end(transaction, now, found, found.person)
            return _opened(services, transaction, person, MACHINE)

    return retry_on_conflict(transact)


@before_access("identity.prove")
def end_own_session(services: StoreAndClock, secret: str) -> bool:
    """Sign out: end the session of a secret; tell whether there was one."""

    def transact() -> bool:
        now = services.clock.now()
        with services.store.write() as transaction:
            found = web_sessions.find(transaction, web_sessions.SESSION, secret, now)
            return found is not None and web_sessions.end(transaction, now, found, found.person)

    return retry_on_conflict(transact)


@command("session.end", about="person")
def end_sessions(context: CommandContext, person: str) -> list[str]:
    """End every session of `person`; returns their ids."""
    ended = web_sessions.end_all(context.transaction, context.now, person)
    context.record("sessions-ended", {"person": person, "sessions": ended}, "sign-in")
    return ended


def _opened(services: Services, transaction: Transaction, person: str, credential: str) -> OpenedSession:
    secret, session = web_sessions.open_session(transaction, services.clock.now(), person, credential)
    return OpenedSession(secret, session)


def _why_not_as(services: Services, transaction: Transaction, person: str) -> NotSignedIn | None:
    """Return why the operator of the machine cannot name `person`; None when they can."""
    if sign_in_mode(transaction, services.settings) == REQUIRED:
        return NotSignedIn(say("本部署要求登录：请凭本人的口令登录"))
    if not is_active(transaction, person):
        return NotSignedIn(say("名录中没有在岗的“{person}”", person=person))
    return None
