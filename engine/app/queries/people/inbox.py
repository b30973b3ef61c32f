"""收件箱: what a person was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.app.access.query import QueryContext, query
from engine.app.people.message_preferences import KINDS, choices_of, preferences_in
from engine.app.ports.records import InboxEntry
from engine.language import Message

__all__ = ["InboxEntry", "MessageChoice", "list_inbox", "message_choices"]


@dataclass(frozen=True, slots=True)
class MessageChoice:
    """One kind of message, and which of them a person is sent: all, mine, none."""

    kind: str
    title: Message
    choice: str


@query("inbox.read", about="person")
def list_inbox(
    context: QueryContext, *, person: str, everything: bool = False, limit: int = 200
) -> Sequence[InboxEntry]:
    """Return what `person` was sent and has not acknowledged, newest first; with `everything` the rest too."""
    return context.transaction.inbox.of(person, unacked=not everything, limit=limit)


@query("inbox.read", about="person")
def message_choices(context: QueryContext, *, person: str) -> Sequence[MessageChoice]:
    """Return for each kind of message which of them `person` is sent."""
    chosen = choices_of(preferences_in(context.transaction), person)
    return [MessageChoice(kind, title, str(chosen[kind])) for kind, title in KINDS.items()]
