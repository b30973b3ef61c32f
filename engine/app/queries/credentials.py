"""Tokens: whose, for what, until when. Never the tokens themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.app.access.query import QueryContext, query
from engine.app.ports.records import Token
from engine.app.sign_in.tokens import tokens

__all__ = ["Token", "TokenView", "list_tokens"]


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token, whether it is good now, and its last day in the zone of the bureau."""

    token: Token
    good: bool
    last_day: date


@query("credential.read")
def list_tokens(context: QueryContext, *, person: str | None = None) -> Sequence[TokenView]:
    """Return the tokens (of one person), newest first, those that are no longer good too."""
    zone = context.source.definitions.time.zone
    return [
        TokenView(one, one.good(context.now), one.expires_at.astimezone(zone).date())
        for one in tokens(context.transaction, person)
    ]
