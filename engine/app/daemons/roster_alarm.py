"""Firms that were changed before the commitment of a draw and changed back after it, kept until a person dismisses it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.delivery.inbox_messages import put_into_inboxes
from engine.app.history.journal import add_entry
from engine.kernel.instants import from_text, to_text
from engine.language import Message, say
from engine.lifecycle.command import ENGINE
from engine.value import value

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that holds them: ``CASE/NUMBER`` -> what was found.
PLACE = "roster/changed_back"


@value
class RosterAlarm:
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


def raise_roster_alarm(
    transaction: Transaction, alarm: RosterAlarm, digest: str, people: Iterable[str]
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
    add_entry(transaction, alarm.since, "roster_changed_back", ENGINE, body)
    put_into_inboxes(
        transaction,
        alarm.since,
        people,
        name=f"roster:{digest[:16]}",
        about="audit",
        title=_title(),
        text=alarm.text,
        urgent=True,
    )
    return True


def pending_roster_alarms(transaction: Transaction) -> list[RosterAlarm]:
    """Return what waits for a person."""
    return [
        RosterAlarm(one["case"], one["number"], from_text(one["since"]), one["count"], one["text"])
        for one in _known(transaction).values()
        if not one.get("dismissed")
    ]


def dismiss_roster_alarm(transaction: Transaction, draw: str) -> None:
    """Note that a person has dealt with what was found of a draw; the very same is not raised again."""
    known = _known(transaction)
    if draw in known:
        transaction.settings.put(PLACE, {**known, draw: {**known[draw], "dismissed": True}})


def _known(transaction: Transaction) -> dict[str, dict[str, Any]]:
    return dict(transaction.settings.get(PLACE) or {})


def _title() -> Message:
    return say("承诺前后名录改动又改回")
