"""Holds all timers and commands when the system clock jumps far ahead, until a person confirms it.

A daemon reads when the last heartbeat of any daemon was. Where much more time than any holiday has passed since,
either no daemon ran for that long or a clock is wrong; only a person can say which. Until one has, nothing
fires. A clock set back does no harm: what has fired stays fired, and what is to come waits for its instant.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from engine.app.ports.store import Store, Transaction
from engine.kernel.instants import from_text, to_text
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.value import value

_PLACE = "clock/held"
#: The code of the refusal of a command that waits for a person to look at the clock.
HELD = "clock"


@value
class ClockJump:
    """What the daemon saw: the last sign of life before, and what its clock said then."""

    last: datetime
    seen: datetime

    @property
    def days(self) -> int:
        """Return how many whole days lie between."""
        return (self.seen - self.last).days


def jumped(store: Store, now: datetime, most: timedelta) -> ClockJump | None:
    """Return the jump that holds everything up, None when all may go on. Notes it for people to see."""
    with store.read() as transaction:
        jump, wanted = _judged(transaction, now, most, transaction.daemons.last_at())
        if wanted == transaction.settings.get(_PLACE):
            return jump
    with store.write() as transaction:
        # Judged again: another daemon may have noted it meanwhile, and a person may have confirmed.
        jump, wanted = _judged(transaction, now, most, transaction.daemons.last_at())
        if wanted != transaction.settings.get(_PLACE):
            transaction.settings.put(_PLACE, wanted)
    return jump


def why_held(transaction: Transaction, now: datetime, most: timedelta) -> RefusalReason | None:
    """Return why nothing may be done by this clock before a person has looked at it; None when all may go on."""
    last = transaction.daemons.last_at()
    if last is None or now - last <= most:
        return None
    jump, _ = _judged(transaction, now, most, last)
    if jump is None:
        return None
    message = say(
        "本机时钟比上次运行守护进程时晚了 {days} 天，先核对日期和时间；此时办理会记错时间", days=jump.days
    )
    return RefusalReason(HELD, message, next=NextAction("confirm_or_mend_clock"))


def _judged(
    transaction: Transaction, now: datetime, most: timedelta, last: datetime | None
) -> tuple[ClockJump | None, dict[str, Any] | None]:
    """Return the jump that holds everything up, and what is to be noted of it; `last` was the last sign of life."""
    if last is None or now - last <= most:
        return None, None
    noted: dict[str, Any] | None = transaction.settings.get(_PLACE)
    jump = ClockJump(last, now)
    if noted and noted["last"] == to_text(last):
        # A person has looked at the clock; or has not yet, and the first sight of it stays noted.
        return (None if noted.get("confirmed") else jump), noted
    return jump, {"last": to_text(last), "seen": to_text(now)}


def pending_jump(transaction: Transaction) -> ClockJump | None:
    """Return the jump that waits for a person."""
    noted = transaction.settings.get(_PLACE)
    if not noted or noted.get("confirmed"):
        return None
    return ClockJump(from_text(noted["last"]), from_text(noted["seen"]))


def confirm(transaction: Transaction) -> None:
    """Let everything go on: a person has said that the clock is right."""
    noted = transaction.settings.get(_PLACE)
    if noted:
        transaction.settings.put(_PLACE, {**noted, "confirmed": True})
