"""Time stamps of heads as a channel: asked for like messages are sent, so that what fails is tried again and shown to a person."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from engine.app.audit.heads import bureau_id
from engine.app.audit.signed_heads.history import STAMP, STREAM, read_history, signed_note
from engine.app.delivery.deliver import Outcome
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.audit.heads import TimeStampAuthority, TimeStampError
from engine.app.ports.records import OutboxItem
from engine.app.ports.store import Clock, Store
from engine.language import say
from engine.lifecycle.command import ENGINE


@dataclass(frozen=True, slots=True)
class StampChannel:
    """Asks an authority for the time stamp of each head named, enters it, and orders the site to be built with it."""

    store: Store
    clock: Clock
    authority: TimeStampAuthority
    #: Few, so that a batch ends well within the lease.
    batch: int = 5

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Ask for each head; one that has its stamp is left alone."""
        return [self._one(item) for item in items]

    def _one(self, item: OutboxItem) -> Outcome:
        number = item.payload.get("number")
        with self.store.read() as transaction:
            history, bureau = read_history(transaction), bureau_id(transaction)
        head = history.head(number) if isinstance(number, int) else None
        if head is None:
            return Outcome(item.id, say("没有日志头 {number}", number=number), final=True)
        if head.number in history.stamps:
            return Outcome(item.id)
        try:
            token = self.authority.stamp(signed_note(bureau, head))
        except TimeStampError as problem:
            return Outcome(item.id, problem.message, final=problem.final)
        self._enter(head.number, token)
        return Outcome(item.id)

    def _enter(self, number: int, token: bytes) -> None:
        def transact() -> None:
            now = self.clock.now()
            body = {"number": number, "token": base64.b64encode(token).decode()}
            built = OutboxItem(
                id=f"{STREAM}:{number}:stamped",
                kind="site",
                channel="site",
                recipient=None,
                case=None,
                payload={"head": number},
                created_at=now,
            )
            with self.store.write() as transaction:
                if number not in read_history(transaction).stamps:
                    add_entry(transaction, now, STAMP, ENGINE, body, STREAM)
                    transaction.outbox.put([built])

        retry_on_conflict(transact)
