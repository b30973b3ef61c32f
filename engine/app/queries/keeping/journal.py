"""Entries of the histories that belong to no case, looked through for who did what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.kernel.clean_text import folded
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from engine.lifecycle.chain import Event

__all__ = ["JOURNALS", "JournalPage", "search_journal"]

#: Histories that can be looked through; of a register and of a format the part behind the colon is its name.
JOURNALS = (
    "office sign-in definitions calendar message-preferences head"
    " register:people register:inspectors register:objects register:items register:experts register:visits"
)
_WINDOW = 200
#: Entries looked at for one page.
MAX_SEEN = 5_000


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Entries that fit, newest first, and the number to go on before; None where there are no more."""

    entries: Sequence[Event]
    before: int | None


@query("audit.attempts")
def search_journal(
    context: QueryContext, journal: str, text: str = "", before: int | None = None, limit: int = 50
) -> JournalPage | Refusal:
    """Return the entries of a history whose person, kind or content has `text` in it, newest first, those before a number."""
    if journal not in JOURNALS.split():
        return Refusal(None, "", (RefusalReason("history", say("没有历史“{name}”", name=journal)),))
    events = context.transaction.events
    last = events.last(journal)
    upper = (last.seq if last is not None else 0) + 1
    if before is not None:
        upper = min(upper, before)
    wanted, found, seen = folded(text), [], 0
    while upper > 1 and seen < MAX_SEEN:
        lower = max(0, upper - 1 - _WINDOW)
        for event in reversed(events.of(journal, after=lower, limit=upper - 1 - lower)):
            seen += 1
            upper = event.seq
            if not wanted or wanted in folded(f"{event.actor} {event.kind} {canonical(dict(event.body))}"):
                found.append(event)
            if len(found) == limit:
                return JournalPage(found, event.seq if event.seq > 1 else None)
        upper = lower + 1
    return JournalPage(found, upper if upper > 1 else None)
