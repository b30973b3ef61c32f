"""Sessions of the workbench: whose a secret is, and which a person has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.identity_use_case import before_access
from engine.app.access.query import QueryContext, query
from engine.app.history.credential import MACHINE
from engine.app.people.directory import find_actor
from engine.app.people.persons import everybody
from engine.app.ports.records import WebSession
from engine.app.sign_in import web_sessions
from engine.app.sign_in.mode import REQUIRED, sign_in_mode
from engine.app.sign_in.tokens import find_token

if TYPE_CHECKING:
    from engine.app.access.query import QuerySource
    from engine.lifecycle.command import Actor

__all__ = [
    "SignInState",
    "Visitor",
    "WebSession",
    "find_visitor",
    "find_visitor_of_token",
    "list_sessions",
    "named_by_link",
    "sign_in_state",
]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for a page, and by what they have proved it."""

    actor: Actor
    #: ``password``, ``machine``, or the id of a token.
    credential: str
    #: What a token is good for; of a session everything.
    scopes: tuple[str, ...] = ("all",)

    @property
    def by_operator(self) -> bool:
        """Tell whether the operator of the machine named this person, who has proved nothing."""
        return self.credential == MACHINE


@dataclass(frozen=True, slots=True)
class SignInState:
    """How people sign in here."""

    required: bool
    has_passwords: bool
    #: Whether anybody is in the register of people.
    people: bool


@before_access("identity.find")
def sign_in_state(source: QuerySource, settings: Mapping[str, Any]) -> SignInState:
    """Return how people sign in to this deployment."""
    with source.store.read() as transaction:
        return SignInState(
            sign_in_mode(transaction, settings) == REQUIRED,
            transaction.credentials.exist(),
            transaction.registers.summary().get("people", (0, None))[0] > 0,
        )


@before_access("identity.find")
def find_visitor(source: QuerySource, secret: str, settings: Mapping[str, Any]) -> Visitor | None:
    """Return whose session a secret opens; None for one that has ended, or that proves too little by now."""
    with source.store.read() as transaction:
        found = web_sessions.find(transaction, web_sessions.SESSION, secret, source.clock.now())
        if found is None:
            return None
        if found.credential == MACHINE and sign_in_mode(transaction, settings) == REQUIRED:
            return None
        actor = find_actor(transaction, found.person)
    return Visitor(actor, found.credential) if actor is not None else None


@before_access("identity.find")
def find_visitor_of_token(source: QuerySource, text: str) -> Visitor | None:
    """Return whose token this is, as the API asks with each request; None for one that is not good."""
    with source.store.read() as transaction:
        found = find_token(transaction, text)
        if found is None or not found.good(source.clock.now()):
            return None
        actor = find_actor(transaction, found.person)
    return Visitor(actor, found.id, found.scopes) if actor is not None else None


@before_access("identity.find")
def named_by_link(source: QuerySource, secret: str) -> Sequence[Actor] | None:
    """Return whom the holder of a good one-time link may sign in as; None where the link is not good."""
    with source.store.read() as transaction:
        if web_sessions.find(transaction, web_sessions.LINK, secret, source.clock.now()) is None:
            return None
        return [one.actor for one in everybody(transaction) if one.active]


@query("session.read", about="person")
def list_sessions(context: QueryContext, *, person: str) -> Sequence[WebSession]:
    """Return the sessions of one person that are good now, newest first."""
    return [one for one in context.transaction.web_sessions.all(person) if one.good(context.now)]
