"""Sessions of the workbench: whose a secret is, and which a person has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.access.identity_use_case import before_access
from engine.app.access.query import QueryContext, query
from engine.app.definitions.bureau import bureau_of
from engine.app.history.credential import MACHINE, proven
from engine.app.people.directory import actor_keys, find_actor
from engine.app.people.persons import everybody
from engine.app.ports.records import WebSession
from engine.app.sign_in import web_sessions
from engine.app.sign_in.mode import REQUIRED, sign_in_mode
from engine.app.sign_in.tokens import find_token

if TYPE_CHECKING:
    from engine.app.access.query import QuerySource
    from engine.lifecycle.command import Actor

#: Tasks counted for one person.
MAX_TASKS = 1_000

__all__ = [
    "NamedPerson",
    "SignInState",
    "Visitor",
    "WebSession",
    "find_visitor",
    "find_visitor_of_token",
    "list_sessions",
    "named_by_link",
    "roles_in_words",
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

    def acting(self) -> AbstractContextManager[None]:
        """Let what they do in the block be entered as proved by what they signed in with."""
        if self.by_operator:
            return nullcontext()
        return proven(self.actor.id, self.credential, self.scopes)

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


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody to choose: who, of which section, with which roles, how many tasks wait."""

    actor: Actor
    section: str
    roles: Sequence[str]
    tasks: int


@before_access("identity.find")
def roles_in_words(source: QuerySource, people: Sequence[Actor]) -> Sequence[NamedPerson]:
    """Return people with the titles of their sections and roles, those with tasks first."""
    with source.store.read() as transaction:
        bureau = bureau_of(source.definitions, transaction)
        counted = [
            (
                actor,
                len({task.case for task in transaction.tasks.of_keys(actor_keys(actor), limit=MAX_TASKS)}),
            )
            for actor in people
        ]
    roles = {role.id: role.title for role in bureau.roles.values()} if bureau else {}
    sections = bureau.sections if bureau else {}
    found = [
        NamedPerson(
            actor,
            sections.get(actor.section, actor.section) if actor.section else "",
            [roles.get(role, role) for role in sorted(actor.roles)],
            tasks,
        )
        for actor, tasks in counted
    ]
    return sorted(found, key=lambda one: (one.tasks == 0, one.actor.id))


@query("session.read", about="person")
def list_sessions(context: QueryContext, *, person: str) -> Sequence[WebSession]:
    """Return the sessions of one person that are good now, newest first."""
    return [one for one in context.transaction.web_sessions.all(person) if one.good(context.now)]
