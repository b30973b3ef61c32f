"""What a command works out before its writing transaction, in a reading one that holds up nobody.

A register that is compared with a file, or a tree over all histories, grows with the years; the lock is not to be held
for it. What was worked out is written only where the histories it was worked out from still end as they did; else the
whole is done again, as after any other conflict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.definitions.bureau import bureau_of
from engine.app.ports.store import ConflictError, Transaction
from engine.app.session.refused import CommandRefused
from engine.value import value

if TYPE_CHECKING:
    from engine.app.access.caller import Caller
    from engine.app.services import Services
    from engine.lifecycle.model.bureau import Bureau


@dataclass(slots=True)
class PreparationContext:
    """What a preparation works with: one reading transaction, and who acts. Who may is asked later."""

    services: Services
    transaction: Transaction
    caller: Caller
    now: datetime
    heads: dict[str, str] = field(default_factory=dict)

    @property
    def bureau(self) -> Bureau | None:
        """Return the bureau in force. A version published meanwhile makes the preparation void."""
        self.relies_on("definitions")
        return bureau_of(self.services.definitions, self.transaction)

    def relies_on(self, stream: str) -> None:
        """Note that what is worked out holds only while nothing is entered into the history `stream`."""
        self.heads[stream] = self.transaction.events.newest([stream])[0]


#: Works something out; raises CommandRefused where the command is to be refused.
Prepare = Callable[[PreparationContext], Any]


@value
class Preparation:
    """What was worked out, and on which ends of histories it relies."""

    value: Any
    refused: CommandRefused | None
    heads: dict[str, str]

    def taken_up(self, transaction: Transaction) -> Any:
        """Return what was worked out. Raises ConflictError where it no longer holds, and what the preparation refused."""
        streams = sorted(self.heads)
        for stream, now in zip(streams, transaction.events.newest(streams), strict=True):
            if now != self.heads[stream]:
                raise ConflictError(stream)
        if self.refused is not None:
            raise self.refused
        return self.value


def prepared(services: Services, caller: Caller, prepare: Prepare) -> Preparation:
    """Run a preparation in a reading transaction."""
    with services.store.read() as transaction:
        context = PreparationContext(services, transaction, caller, services.clock.now())
        try:
            return Preparation(prepare(context), None, context.heads)
        except CommandRefused as refused:
            return Preparation(None, refused, context.heads)
