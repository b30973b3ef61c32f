"""When a channel may speak: quiet hours, office days, one message per person each morning, no storm after a stop.

An urgent message (``urgent: true`` in the definition) never waits and is never gathered. Everything else may be held
back: until the quiet hours are over, until the next office day, until the morning of the digest. What waits is
looked at again when its time has come, so a calendar that changed meanwhile counts as it is then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from engine.app.ports.records import OutboxItem
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.worktime.calendar import Calendar

MESSAGE = "message"
#: What a gathered message is about.
DIGEST = "digest"
#: Room for what stands before and after the lines of a gathered message: its title, its first line, the receiver.
_HEAD_BYTES = 400
#: Longer holidays than this many days do not exist; the search for an office day ends here.
_MAX_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPolicy:
    """The manners of one channel. Times of day are local."""

    #: The time of the morning at which everything for one person goes out as one message; None: each on its own.
    digest: time | None = None
    #: Nothing goes out from the first time of day until the second, which may be on the next day.
    quiet: tuple[time, time] | None = None
    #: Nothing goes out on days off.
    office_days: bool = False
    #: More messages than this waiting for one person at once become one; 0: never.
    gather_above: int = 0
    #: How many of the gathered messages are written out; the rest is counted.
    most_lines: int = 100
    #: How long the text of a gathered message may be, in bytes of UTF-8; what the service would cut is counted too.
    most_bytes: int = 1_000_000

    @property
    def plain(self) -> bool:
        """Tell whether every item goes out at once and on its own."""
        return not (self.gathers or self.quiet or self.office_days)

    @property
    def gathers(self) -> bool:
        """Tell whether messages of this channel may become one."""
        return self.digest is not None or self.gather_above > 0


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The days and the hour the manners are counted with."""

    calendar: Calendar
    zone: tzinfo
    #: When an office morning begins, where no quiet hours say otherwise.
    morning: time


def urgent(item: OutboxItem) -> bool:
    """Tell whether an item never waits: an urgent message, or anything that is no message."""
    return item.kind != MESSAGE or bool(item.payload.get("urgent"))


def deferred_until(
    pace: DeliveryPolicy, services: OfficeHours, item: OutboxItem, now: datetime
) -> datetime | None:
    """Return until when an item has to wait, or None when it may go now."""
    if urgent(item):
        return None
    earliest = now
    if pace.digest is not None:
        earliest = max(now, _morning_after(pace.digest, services, item.created_at))
    opened = opens_at(pace, services, earliest)
    return opened if opened > now else None


def opens_at(pace: DeliveryPolicy, services: OfficeHours, now: datetime) -> datetime:
    """Return the first instant from `now` on at which the channel may speak; `now` itself where it may."""
    local = now.astimezone(services.zone)
    if pace.quiet is not None and _within(pace.quiet, local.time()):
        until = pace.quiet[1]
        day = local.date() if local.time() < until else local.date() + timedelta(days=1)
        local = datetime.combine(day, until, services.zone)
    if pace.office_days and not services.calendar.is_working(local.date()):
        day = _office_day(services.calendar, local.date())
        begin = pace.digest or (pace.quiet[1] if pace.quiet is not None else services.morning)
        local = datetime.combine(day, begin, services.zone)
    return now if local <= now else local.astimezone(now.tzinfo)


def batches(pace: DeliveryPolicy, items: Sequence[OutboxItem]) -> list[list[OutboxItem]]:
    """Return the items as groups that go out as one message each, in the order of the first of each group.

    Items that were tried together before, whether they failed or were left behind by a sender that died, stay
    together and by themselves: a repeat then has the same id as the first try, and the receiver can drop it.
    """
    groups: dict[object, list[OutboxItem]] = {}
    for item in items:
        alone = urgent(item) or item.recipient is None or not pace.gathers
        tried = item.next_at if item.attempts or item.leases else None
        groups.setdefault(item.id if alone else (item.recipient, tried), []).append(item)
    found: list[list[OutboxItem]] = []
    for group in groups.values():
        together = pace.digest is not None or len(group) > pace.gather_above
        found += [group] if together else [[item] for item in group]
    return found


def digest(pace: DeliveryPolicy, group: Sequence[OutboxItem]) -> OutboxItem:
    """Return a group as the one item that is sent; a single item stays as it is."""
    if len(group) == 1:
        return group[0]
    first = group[0]
    digest = hashlib.sha256("\n".join(sorted(item.id for item in group)).encode()).hexdigest()
    return OutboxItem(
        id=f"{DIGEST}:{digest[:40]}",
        kind=MESSAGE,
        channel=first.channel,
        recipient=first.recipient,
        case=None,
        payload={
            "about": DIGEST,
            "title": str(say("{count} 条待办消息", count=len(group))),
            "text": str(_text(pace, group)),
            "messages": [{"id": i.id, "case": i.case, **dict(i.payload)} for i in group[: pace.most_lines]],
        },
        created_at=max(item.created_at for item in group),
        attempts=first.attempts,
        next_at=first.next_at,
        leases=first.leases,
    )


def _text(pace: DeliveryPolicy, group: Sequence[OutboxItem]) -> Message:
    lines: list[str] = []
    left = pace.most_bytes - _HEAD_BYTES
    for number, item in enumerate(group[: pace.most_lines], 1):
        line = str(say("{number}. {text}", number=number, text=item.payload.get("text") or item.id))
        left -= len(line.encode("utf-8", "replace")) + 1
        if left < 0:
            break
        lines.append(line)
    shown = "\n".join(lines)
    if len(lines) < len(group):
        return say(
            "以下共 {count} 条，另有 {left} 条未列出，见待办列表：\n{lines}",
            count=len(group),
            left=len(group) - len(lines),
            lines=shown,
        )
    return say("以下共 {count} 条：\n{lines}", count=len(group), lines=shown)


def _morning_after(morning: time, services: OfficeHours, written: datetime) -> datetime:
    """Return the first `morning` at or after the instant something was written."""
    local = written.astimezone(services.zone)
    day = local.date() if local.time() <= morning else local.date() + timedelta(days=1)
    return datetime.combine(day, morning, services.zone).astimezone(written.tzinfo)


def _within(quiet: tuple[time, time], at: time) -> bool:
    begin, end = quiet
    return begin <= at < end if begin < end else at >= begin or at < end


def _office_day(calendar: Calendar, day: date) -> date:
    for _ in range(_MAX_DAYS):
        if calendar.is_working(day):
            return day
        day += timedelta(days=1)
    return day
