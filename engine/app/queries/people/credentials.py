"""Tokens: whose, for what, until when. Never the tokens themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.app.access.query import QueryContext, query
from engine.app.people.directory import find_actor
from engine.app.ports.records import Token
from engine.app.sign_in.tokens import tokens
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["Token", "TokenView", "list_all_tokens", "list_tokens"]


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token, whether it is good now, and its last day in the zone of the bureau."""

    token: Token
    good: bool
    last_day: date


@query("credential.read", about="person")
def list_tokens(context: QueryContext, *, person: str) -> Sequence[TokenView] | Refusal:
    """Return the tokens of one person, newest first, those that are no longer good too."""
    found = _views(context, person)
    if not found and find_actor(context.transaction, person) is None:
        message = say("名录中没有“{person}”这个人", person=person)
        return Refusal(None, "", (RefusalReason("unknown-person", message, next=NextAction("list_people")),))
    return found


@query("credential.read_all")
def list_all_tokens(context: QueryContext) -> Sequence[TokenView]:
    """Return the tokens of everybody; for somebody who may not read those of others, their own."""
    everybody = context.why_denied("credential.read") is None
    return _views(context, None if everybody else context.viewer.id)


def _views(context: QueryContext, person: str | None) -> list[TokenView]:
    zone = context.source.definitions.time.zone
    return [
        TokenView(one, one.good(context.now), one.expires_at.astimezone(zone).date())
        for one in tokens(context.transaction, person)
    ]
