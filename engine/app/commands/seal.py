"""Sealing by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.command import CommandContext, command
from engine.app.audit.seals import seal_in

if TYPE_CHECKING:
    from engine.app.ports.records import Seal


@command("audit.seal")
def seal(context: CommandContext) -> Seal | None:
    """Seal everything committed until now, as the person who asks; None where nothing has changed since the last seal.

    The seal itself, in the history "seal", is the entry: another one would be a change to be sealed.
    """
    zone = context.services.definitions.time.zone
    context.recorded = True
    return seal_in(context.transaction, context.now, zone, context.by)
