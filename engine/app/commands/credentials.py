"""What people prove who they are by: passwords and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.people.directory import is_active
from engine.app.sign_in import sign_in, tokens
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


def _hash(_: PreparationContext, person: str, password: NewPassword) -> str | None:
    """Return the hash of a new password; None where it is too weak, or cannot be made here."""
    if why_weak(password.text, person):
        return None
    try:
        return hash_password(password.text)
    except PasswordsMissingError:
        return None


@command("credential.change", about="person", prepare=_hash)
def set_password(context: CommandContext, person: str, password: NewPassword) -> None:
    """Give `person` a new password, and end a lock on them.

    Raises PasswordsMissingError where the library for passwords is not installed.
    """
    _require_active(context, person)
    if problems := why_weak(password.text, person):
        raise refused(*(RefusalReason("password", message) for message in problems))
    if context.prepared is None:
        raise PasswordsMissingError
    sign_in.put_password_hash(context.transaction, context.now, person, context.prepared, context.by)
    context.recorded = True


@command("credential.change", about="person", decode=IssuedToken.from_json)
def create_token(
    context: CommandContext, person: str, label: str = "", days: int | None = None
) -> IssuedToken:
    """Make a token for `person`, valid for so many days."""
    _require_active(context, person)
    if days is not None and not 1 <= days <= MAX_TOKEN_DAYS:
        raise context.refusal("days", say("令牌最多有效 {most} 天", most=MAX_TOKEN_DAYS))
    text, kept = tokens.create_token(
        context.transaction,
        context.now,
        person,
        label,
        days or int(limits()["token_days"]),
        context.by,
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
    context.require("credential.change", found.person)
    context.recorded = True
    return tokens.revoke_token(context.transaction, context.now, token, context.by) is not None


def _require_active(context: CommandContext, person: str) -> None:
    if not is_active(context.transaction, person):
        raise context.refusal(
            "unknown-person",
            say("名录中没有在岗的“{person}”", person=person),
            next_action=NextAction("list_people"),
        )
