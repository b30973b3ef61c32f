"""Attempts that were refused, as the histories keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.refusal_texts import REFUSED, TEXTS, with_texts
from engine.app.people.refused_person import ASKED
from engine.kernel.instants import to_text
from engine.lifecycle.forms.personal import FORGOTTEN

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.chain import Event

#: The history of what belongs to no case.
OFFICE = "office"
#: Entries read at a time, from the newest back.
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class RefusedAttempt:
    """One attempt: who wanted to do or see what, and why they were refused."""

    at: datetime
    person: str
    verb: str
    about: str
    reasons: tuple[str, ...]
    #: Whether what was typed is kept apart and is among these texts: whoever reads them is recorded.
    typed: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "at": to_text(self.at),
            "person": self.person,
            "verb": self.verb,
            "about": self.about,
            "reasons": list(self.reasons),
        }


def newest_refused(transaction: Transaction, stream: str, limit: int) -> list[RefusedAttempt]:
    """Return at most `limit` refused attempts in a history, newest first."""
    last = transaction.events.last(stream)
    end = last.seq if last is not None else 0
    found: list[RefusedAttempt] = []
    while end > 0 and len(found) < limit:
        begin = max(0, end - _PAGE)
        page = transaction.events.of(stream, after=begin, limit=end - begin)
        refused = [event for event in reversed(page) if event.kind == REFUSED][: limit - len(found)]
        bodies = with_texts(transaction, [event.body for event in refused])
        found += [_of(event, body) for event, body in zip(refused, bodies, strict=True)]
        end = begin
    return found


def _of(event: Event, body: Mapping[str, Any]) -> RefusedAttempt:
    reasons = tuple(str(one.get("message", "")) for one in body.get("reasons") or ())
    verb = body.get("verb") or body.get("attempt") or ""
    about = body.get("about") or ("" if event.stream == OFFICE else event.stream)
    typed = TEXTS in event.body and FORGOTTEN not in (about, *reasons)
    return RefusedAttempt(
        event.at, str(body.get(ASKED) or event.actor), str(verb), str(about), reasons, typed
    )
