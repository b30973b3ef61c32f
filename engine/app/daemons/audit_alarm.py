"""What verification found, kept until two people dismiss it: an incident, messages, a deployment that is not ready.

A dismissal is of exactly the findings it was given for. Until everything is read and nothing found, each night says how many
were dismissed: it does not say that all is well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import InboxEntry
from engine.app.ports.store import Store, Transaction
from engine.kernel.budget import JSON_ERRORS
from engine.kernel.instants import from_text, to_text
from engine.language import say
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import ENGINE

#: The setting that holds it.
PLACE = "audit/findings"
#: The setting that holds the lasting findings that were dismissed, until everything is read and nothing found.
DISMISSED = "audit/dismissed"
#: Findings that are named; of the others only their number is kept.
NAMED = 5


@dataclass(frozen=True, slots=True)
class AuditAlarm:
    """Findings that wait for a person: since when, how many, the first of them."""

    since: datetime
    count: int
    first: tuple[str, ...]
    #: Of all of them, in their order.
    digest: str


def raise_alarm(
    store: Store,
    now: datetime,
    findings: Sequence[str],
    receivers: Callable[[Transaction], Iterable[str]],
    *,
    lasting: bool = False,
) -> bool:
    """Keep the findings and write to `receivers`; False where the very same ones were dismissed.

    `lasting` are those of what is kept: dismissed or not, they are there until it is put right.
    """
    digest = hashlib.sha256(canonical(list(findings)).encode()).hexdigest()

    def transact() -> bool:
        with store.write() as transaction:
            known = _known(transaction)
            if known.get("digest") == digest:
                return not known.get("dismissed")
            if _known(transaction, DISMISSED).get("digest") == digest:
                return False
            body = {
                "since": to_text(now),
                "count": len(findings),
                "first": list(findings[:NAMED]),
                "digest": digest,
                **({"lasting": True} if lasting else {}),
            }
            transaction.settings.put(PLACE, body)
            add_entry(transaction, now, "audit_findings", ENGINE, body)
            try:
                people = dict.fromkeys(receivers(transaction))
            except JSON_ERRORS:
                # Who that is cannot be read: the alarm is raised all the same.
                people = {}
            transaction.inbox.put([_message(person, findings, digest, now) for person in people])
            return True

    return retry_on_conflict(transact)


def _known(transaction: Transaction, place: str = PLACE) -> dict[str, Any]:
    """Return what is kept; nothing where it is not as this program writes it, so that nobody can keep an alarm from being raised."""
    try:
        known = transaction.settings.get(place)
    except JSON_ERRORS:
        return {}
    return known if isinstance(known, dict) else {}


def pending_alarm(transaction: Transaction) -> AuditAlarm | None:
    """Return the findings that wait for a person."""
    known = transaction.settings.get(PLACE)
    if not known or known.get("dismissed"):
        return None
    return AuditAlarm(from_text(known["since"]), known["count"], tuple(known["first"]), known["digest"])


def dismissed_findings(transaction: Transaction) -> int:
    """Return how many lasting findings were dismissed and may still be there."""
    count = _known(transaction, DISMISSED).get("count")
    return count if isinstance(count, int) else 0


def forget_dismissed(store: Store) -> None:
    """Forget dismissed findings: everything was read, and nothing found."""

    def transact() -> None:
        with store.write() as transaction:
            if transaction.settings.get(DISMISSED) is not None:
                transaction.settings.drop(DISMISSED)
                if _known(transaction).get("dismissed"):
                    transaction.settings.drop(PLACE)

    retry_on_conflict(transact)


def dismiss_alarm(transaction: Transaction) -> None:
    """Note that a person has dealt with the findings; the very same ones are not raised again."""
    if known := transaction.settings.get(PLACE):
        transaction.settings.put(PLACE, {**known, "dismissed": True})
        if known.get("lasting"):
            transaction.settings.put(DISMISSED, {"count": known["count"], "digest": known["digest"]})


def _message(person: str, findings: Sequence[str], digest: str, now: datetime) -> InboxEntry:
    return InboxEntry(
        id=f"audit:{digest[:16]}:{person}",
        recipient=person,
        case=None,
        about="audit",
        title=str(say("审计核验发现问题")),
        text=str(say("审计核验发现 {count} 处问题，第一处：{first}", count=len(findings), first=findings[0])),
        urgent=True,
        created_at=now,
    )
