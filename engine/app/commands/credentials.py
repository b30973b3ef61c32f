"""What people prove who they are by: passwords and tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import SecondPerson
from engine.app.access.scopes import scopes as scopes_known
from engine.app.access.scopes import unknown_scopes
from engine.app.history.credential import ALL
from engine.app.people.directory import is_active
from engine.app.sign_in import sign_in, tokens
from engine.app.sign_in.mode import MODES, REQUIRED, SETTING, sign_in_mode
from engine.app.sign_in.passwords import PasswordsMissingError, hash_password, limits, why_weak
from engine.kernel.instants import from_text, to_text
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say

__all__ = [
    "MAX_TOKEN_DAYS",
    "IssuedToken",
    "NewPassword",
    "PasswordsMissingError",
    "create_token",
    "revoke_token",
    "set_password",
    "set_sign_in_mode",
]


#: For so many days a token is valid at most.
MAX_TOKEN_DAYS = int(limits()["token_days_most"])


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password. It is kept as its argon2 hash only: neither in the record of a request nor in an audit."""

    text: str = field(repr=False)

    def as_json(self) -> None:
        """Return nothing, so that no digest of a request is made of it, which could be guessed at."""
        return


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token that was made. `text` is None where the request is repeated: it is shown once and not kept."""

    text: str | None = field(repr=False)
    id: str
    expires_at: datetime

    def as_json(self) -> dict[str, Any]:
        """Return plain values without the token itself."""
        return {"id": self.id, "expires_at": to_text(self.expires_at)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> IssuedToken:
        """Return what `as_json` wrote."""
        return cls(None, body["id"], from_text(body["expires_at"]))


def _hash(_: PreparationContext, person: str, password: NewPassword, **__: Any) -> str | None:
    """Return the hash of a new password; None where it is too weak, or cannot be made here."""
    if why_weak(password.text, person):
        return None
    try:
        return hash_password(password.text)
    except PasswordsMissingError:
        return None


def _password_by_two(
    context: CommandContext, person: str, password: NewPassword, *, keep_tokens: bool = False
) -> SecondPerson | None:
    """Say that two agree to the password of somebody else."""
    if person == context.by or why_weak(password.text, person) or not is_active(context.transaction, person):
        return None
    title = say("给“{person}”设新口令", person=person)
    return SecondPerson(title, person, person, {"keep_tokens": keep_tokens})


@command("credential.change", about="person", prepare=_hash, second=_password_by_two)
def set_password(
    context: CommandContext, person: str, password: NewPassword, *, keep_tokens: bool = False
) -> list[str]:
    """Give `person` a new password, end a lock on them, and their tokens unless they are kept.

    Returns the ids of the tokens that ended. Of somebody else a second person agrees to it. Raises PasswordsMissingError where the library for passwords is not installed.
    """
    _require_active(context, person)
    if problems := why_weak(password.text, person):
        raise refused(*(RefusalReason("password", message) for message in problems))
    if context.prepared is None:
        raise PasswordsMissingError
    context.recorded = True
    return sign_in.put_password_hash(
        context.transaction, context.now, person, context.prepared, context.by, keep_tokens=keep_tokens
    )


def _token_by_two(
    context: CommandContext,
    person: str,
    label: str = "",
    days: int | None = None,
    scopes: Sequence[str] = (ALL,),
) -> SecondPerson | None:
    """Say that two agree to a token of somebody else."""
    if person == context.by or not is_active(context.transaction, person):
        return None
    title = say("给“{person}”发令牌", person=person)
    return SecondPerson(title, person, person, {"label": label, "days": days, "scopes": list(scopes)})


@command("credential.change", about="person", decode=IssuedToken.from_json, second=_token_by_two)
def create_token(
    context: CommandContext,
    person: str,
    label: str = "",
    days: int | None = None,
    scopes: Sequence[str] = (ALL,),
) -> IssuedToken:
    """Make a token for `person`, valid for so many days and good for `scopes`; of somebody else two agree to it."""
    _require_active(context, person)
    if unknown := unknown_scopes(scopes):
        known = list(scopes_known())
        raise context.refusal("scopes", say("没有用途“{seen}”；可用：{known}", seen=unknown, known=known))
    if days is not None and not 1 <= days <= MAX_TOKEN_DAYS:
        raise context.refusal("days", say("令牌最多有效 {most} 天", most=MAX_TOKEN_DAYS))
    text, kept = tokens.create_token(
        context.transaction,
        context.now,
        person,
        label,
        days or int(limits()["token_days"]),
        context.by,
        scopes=tuple(scopes),
    )
    context.recorded = True
    return IssuedToken(text, kept.id, kept.expires_at)


@command("credential.revoke")
def revoke_token(context: CommandContext, token: str) -> bool:
    """Revoke a token, named by its id; returns whether it was not revoked before.

    Whose it is may do that, and whoever may change their credentials.
    """
    found = context.transaction.tokens.get(token)
    if found is None:
        raise context.refusal("token", say("没有令牌“{id}”", id=token), next_action=NextAction("list_tokens"))
    if context.by != found.person:
        context.require("credential.change", found.person)
    context.recorded = True
    return tokens.revoke_token(context.transaction, context.now, token, context.by) is not None


def _mode_by_two(context: CommandContext, mode: str) -> SecondPerson:  # noqa: ARG001 - every change is agreed to
    return SecondPerson(say("登录方式改为 {mode}", mode=mode), about=mode)


@command("sign_in.change", second=_mode_by_two)
def set_sign_in_mode(context: CommandContext, mode: str) -> bool:
    """Say whether everybody has to prove who they are (``required``) or is taken at their word (``trust``).

    Returns whether that is a change. Refused where who asks for proofs could not give one: nobody could take it back.
    """
    if mode not in MODES:
        raise context.refusal("mode", say("应为 {known} 之一，实为“{seen}”", known=list(MODES), seen=mode))
    now, person = context.now, context.by
    good = any(one.good(now) for one in tokens.tokens(context.transaction, person))
    if mode == REQUIRED and not good and not sign_in.has_password(context.transaction, person):
        raise context.refusal(
            "credential",
            say("“{person}”自己还没有口令或令牌，要求登录以后就无从办理；请先设好", person=person),
            next_action=NextAction("set_password", {"person": person}),
        )
    before = sign_in_mode(context.transaction, context.services.settings)
    context.transaction.settings.put(SETTING, mode)
    context.record("sign-in-mode", {"from": before, "to": mode}, tokens.STREAM)
    return before != mode


def _require_active(context: CommandContext, person: str) -> None:
    if not is_active(context.transaction, person):
        raise context.refusal(
            "unknown-person",
            say("名录中没有在岗的“{person}”", person=person),
            next_action=NextAction("list_people"),
        )
