"""Signing in, for the command line and the workbench alike: a password or a token, bounded tries, every refusal kept.

Failures are counted for the person asked for and, where there is one, for the origin (a network address). Too many
lock it for a while; a right password does not open a lock early. Whether a person exists, has left or has no password
makes no difference to what is answered, nor to how long it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.app.history.credential import ALL, PASSWORD, proven
from engine.app.history.journal import add_entry
from engine.app.people.directory import find_actor, is_active
from engine.app.ports.records import Credential
from engine.app.ports.store import Transaction
from engine.app.sign_in.attempts import OF_PERSON, Locked, judge_attempt, locked, of_origin, plain_name
from engine.app.sign_in.passwords import limits, matches, nobodys_hash
from engine.app.sign_in.tokens import STREAM, find_token
from engine.app.sign_in.web_sessions import end_all
from engine.language import Message, say
from engine.lifecycle.command import Actor

if TYPE_CHECKING:
    from engine.app.services import Services


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody whose password or token was right; `token` is the id of the token they used."""

    actor: Actor
    token: str | None = None
    #: What the token is good for.
    scopes: tuple[str, ...] = (ALL,)

    def acting(self) -> AbstractContextManager[None]:
        """Let what they do in the block be entered as proved by what they signed in with."""
        return proven(self.actor.id, self.token or PASSWORD, self.scopes)


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """Sign-in refused. The message reveals nothing; `until` says when to retry."""

    message: Message
    until: datetime | None = None


def put_password_hash(
    transaction: Transaction,
    now: datetime,
    person: str,
    kept: str,
    by: str,
    *,
    keep_tokens: bool = False,
    more: Mapping[str, Any] | None = None,
    kind: str = "password",
) -> list[str]:
    """Give `person` a new password, of which `kept` is the hash, end a lock on them, their sessions, and their tokens unless they are kept.

    Returns the ids of the tokens that ended; `more` is entered besides. Whether `by` may do this is for the caller to
    ask. The hash is made before the transaction: that takes long.
    """
    transaction.credentials.put(Credential(person, kept, now))
    transaction.sign_in_attempts.drop(_of_person(person))
    ended = [
        one.id
        for one in transaction.tokens.all(person)
        if not keep_tokens and one.revoked_at is None and transaction.tokens.revoke(one.id, now)
    ]
    body: dict[str, Any] = {"person": person, "ended_tokens": ended, **(more or {})}
    if sessions := end_all(transaction, now, person):
        body["ended_sessions"] = sessions
    add_entry(transaction, now, kind, by, body, stream=STREAM)
    return ended


def has_password(transaction: Transaction, person: str) -> bool:
    """Tell whether a person can sign in with a password."""
    return transaction.credentials.get(person) is not None


def sign_in_with_password(
    services: Services,
    person: str,
    password: str,
    *,
    origin: str | None = None,
    within: Callable[[Transaction, SignedIn], object] = lambda *_: None,
) -> SignedIn | NotSignedIn:
    """Let somebody in by a password. Raises PasswordsMissingError without the extra.

    `within` is done for whoever is let in, in the transaction in which that is judged: what it opens ends with the password.
    """
    person = plain_name(person)
    keys = _keys_of(person, origin)
    now = services.clock.now()
    with services.store.read() as transaction:
        if (held := locked(transaction, keys, now)) is not None:
            return too_often(services, held)
        kept = transaction.credentials.get(person)
    # Outside of any transaction: this is meant to take long. Done for nobody too.
    right = matches(kept.password_hash if kept else nobodys_hash(), password)

    def judge(transaction: Transaction) -> Actor | None:
        # Since then the person may have left, or been given another password.
        if not right or kept is None or transaction.credentials.get(person) != kept:
            return None
        actor = find_actor(transaction, person) if is_active(transaction, person) else None
        if actor is not None:
            found = SignedIn(actor)
            with found.acting():
                within(transaction, found)
        return actor

    return _judged(services, person, keys, "password", origin, judge)


def sign_in_with_token(
    services: Services, token: str, *, person: str | None = None, origin: str | None = None
) -> SignedIn | NotSignedIn:
    """Let somebody in by a token; with `person` only that person."""
    token = token.strip()
    keys = _keys_of(None, origin)
    with services.store.read() as transaction:
        found = find_token(transaction, token)
        actor = find_actor(transaction, found.person) if found else None
        here = actor is not None and is_active(transaction, actor.id)
        held = locked(transaction, keys, services.clock.now()) if keys else None
    if held is not None:
        return too_often(services, held)
    if found and actor and here and found.good(services.clock.now()) and person in (None, actor.id):
        return SignedIn(actor, found.id, found.scopes)
    asked = person or (found.person if found else "-")
    return _judged(
        services, plain_name(asked), keys, "token", origin, lambda _: None, token=found.id if found else None
    )


def _judged(
    services: Services,
    person: str,
    keys: dict[str, int],
    how: str,
    origin: str | None,
    judge: Callable[[Transaction], Actor | None],
    *,
    token: str | None = None,
) -> SignedIn | NotSignedIn:
    """Say whether a try is let in (`judge_attempt`), in words; who is let in has failed no more."""
    body: dict[str, Any] = {"verb": "sign-in", "how": how, "origin": plain_name(origin) if origin else None}
    if token:
        body["token"] = token

    def let_in(transaction: Transaction, _now: datetime) -> Actor | None:
        actor = judge(transaction)
        if actor is not None and transaction.sign_in_attempts.of(_of_person(person)):
            transaction.sign_in_attempts.drop(_of_person(person))
        return actor

    outcome = judge_attempt(services, keys, let_in, person, body)
    if isinstance(outcome, Locked):
        return too_often(services, outcome)
    if outcome is not None:
        return SignedIn(outcome)
    if how == "token":
        return NotSignedIn(say("令牌不对、已过期、已撤销，或不是此人的"))
    return NotSignedIn(say("编号或口令不对"))


def too_often(services: Services, locked: Locked) -> NotSignedIn:
    """Return what is answered while somebody is locked out."""
    zone = services.definitions.time.zone
    shown = locked.until.astimezone(zone if isinstance(zone, ZoneInfo) else None).strftime("%m-%d %H:%M")
    return NotSignedIn(
        say("失败次数太多，已锁定到 {until}；请到时再试，或请管理员重设口令", until=shown), locked.until
    )


def _keys_of(person: str | None, origin: str | None) -> dict[str, int]:
    """Return where failures are counted, each with how many are too many."""
    found = {_of_person(person): int(limits()["failures"])} if person else {}
    return {**found, **of_origin(origin)}


def _of_person(person: str) -> str:
    return f"{OF_PERSON}{person}"
