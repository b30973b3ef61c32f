"""The check of the night: what was written since the newest signed head, and everything once in so many days.

Everything as well where no signed head is there to begin from, and where the record of the last time is missing or of a
later time than now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import HeadHistory, read_newest
from engine.app.audit.signed_heads.verification import is_signed
from engine.app.history.paged_reading import PagedReading, as_stored
from engine.app.history.retry import retry_on_conflict
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.instants import from_text, to_text

if TYPE_CHECKING:
    from engine.app.ports.store import Store, Transaction

#: The setting that says when everything was last checked and nothing found.
PLACE = "audit/verified"


#: The setting that is there while a night's check runs: since when, and how many before it ended without saying how.
BEGUN = "audit/begun"
#: So many that ended without saying how, because their process ended, and somebody has to look.
BROKEN_OFF = 2


@dataclass(frozen=True, slots=True)
class NightlyFindings:
    """What the check of a night found, and whether it read everything."""

    findings: tuple[str, ...]
    whole: bool


def check_tonight(
    store: Store,
    now: datetime,
    zone: tzinfo,
    every_days: int,
    *,
    whole: bool = False,
    before_page: Callable[[], None] | None = None,
) -> NightlyFindings:
    """Check what is new, or everything where that is due or `whole` is asked for."""
    with store.read() as transaction:
        history = _beginning(transaction)
        if history is not None and not (whole or is_whole_due(transaction, now, zone, every_days)):
            return NightlyFindings(_found_since(transaction, history), whole=False)
    from engine.app.audit.verify_deployment import verify

    with PagedReading(store, before_page=before_page) as pages:
        return NightlyFindings(tuple(str(one) for one in verify(pages)), whole=True)


def is_whole_due(transaction: Transaction, now: datetime, zone: tzinfo, every_days: int) -> bool:
    """Tell whether everything is to be checked: it was not for so many days, or nobody can say when it was."""
    last = verified_at(transaction)
    if last is None or last > now:
        return True
    return (now.astimezone(zone).date() - last.astimezone(zone).date()).days >= every_days


def verified_at(transaction: Transaction) -> datetime | None:
    """Return when everything was last checked at night and nothing found."""
    try:
        return from_text(transaction.settings.get(PLACE)["at"])
    except (TypeError, KeyError, ValueError):
        return None


def note_verified(store: Store, now: datetime, *, whole: bool) -> None:
    """Keep when everything was checked: now, where `whole`, else what was known.

    Written each night after the head, so that the row is among what the next night reads.
    """

    def transact() -> None:
        with store.write() as transaction:
            known = now if whole else verified_at(transaction)
            at = None if known is None else to_text(known)
            transaction.settings.put(PLACE, {"at": at, "night": to_text(now)})

    retry_on_conflict(transact)


def begin_night(store: Store, now: datetime) -> int:
    """Note that a check begins; return how many before it in a row have ended without saying how."""

    def transact() -> int:
        with store.write() as transaction:
            known = transaction.settings.get(BEGUN)
            try:
                times = 0 if known is None else int(known["times"]) + 1
            except JSON_ERRORS:
                times = BROKEN_OFF
            transaction.settings.put(BEGUN, {"at": to_text(now), "times": times})
            return times

    return retry_on_conflict(transact)


def end_night(store: Store) -> None:
    """Note that a check has ended and that it was said how."""

    def transact() -> None:
        with store.write() as transaction:
            if transaction.settings.get(BEGUN) is not None:
                transaction.settings.drop(BEGUN)

    retry_on_conflict(transact)


def _beginning(transaction: Transaction) -> HeadHistory | None:
    """Return the history with a signed head to begin from; None where there is none, or it cannot be read."""

    def signed() -> Iterator[HeadHistory]:
        history = read_newest(transaction)
        if history.last is not None and is_signed(bureau_id(transaction), history, history.last):
            yield history

    try:
        return next(iter(as_stored(transaction, signed)), None)
    except JSON_ERRORS:
        return None


def _found_since(transaction: Transaction, history: HeadHistory) -> tuple[str, ...]:
    from engine.app.audit.verify_since import verify_since

    head = history.last
    return () if head is None else tuple(map(str, verify_since(transaction, history, head)))
