"""Firms that were changed before the commitment of a draw and changed back after it, kept until a person dismisses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.ports.records import InboxEntry
from engine.kernel.instants import from_text, to_text
from engine.language import say
from engine.lifecycle.command import ENGINE
from engine.value import value

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that holds them: ``CASE/NUMBER`` -> what was found.
PLACE = "register/changed_back"


@value
class RegisterAlarm:
    """What was changed back after the commitment of one draw."""

    case: str
    number: int
    since: datetime
    count: int
    #: In a sentence: how many, by whom, the first of them.
    text: str

    @property
    def draw(self) -> str:
        """Name the draw: ``CASE/NUMBER``."""
        return f"{self.case}/{self.number}"


def raise_register_alarm(
    transaction: Transaction, alarm: RegisterAlarm, digest: str, people: Iterable[str]
) -> bool:
    """Keep what was found and write to `people`; False where the very same was found before, dismissed or not."""
    known = _known(transaction)
    if known.get(alarm.draw, {}).get("digest") == digest:
        return False
    body = {
        "case": alarm.case,
        "number": alarm.number,
        "since": to_text(alarm.since),
        "count": alarm.count,
        "text": alarm.text,
        "digest": digest,
    }
    transaction.settings.put(PLACE, {**known, alarm.draw: body})
    add_entry(transaction, alarm.since, "register_changed_back", ENGINE, body)
    transaction.inbox.put([_message(alarm, one, digest) for one in dict.fromkeys(people)])
    return True


def pending_register_alarms(transaction: Transaction) -> list[RegisterAlarm]:
    """Return what waits for a person."""
    return [
        RegisterAlarm(one["case"], one["number"], from_text(one["since"]), one["count"], one["text"])
        for one in _known(transaction).values()
        if not one.get("dismissed")
    ]


def dismiss_register_alarm(transaction: Transaction, draw: str) -> None:
    """Note that a person has dealt with what was found of a draw; the very same is not raised again."""
    known = _known(transaction)
    if draw in known:
        transaction.settings.put(PLACE, {**known, draw: {**known[draw], "dismissed": True}})


def _known(transaction: Transaction) -> dict[str, dict[str, Any]]:
    return dict(transaction.settings.get(PLACE) or {})


def _message(alarm: RegisterAlarm, person: str, digest: str) -> InboxEntry:
    return InboxEntry(
        id=f"register:{digest[:16]}:{person}",
        recipient=person,
        case=alarm.case,
        about="audit",
        title=str(say("承诺前后名录改动又改回")),
        text=alarm.text,
        urgent=True,
        created_at=alarm.since,
    )
