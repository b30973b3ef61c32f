"""Sealing by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.access.preparation import PreparationContext
from engine.app.audit.seals import STREAM, SealDraft, draft_seal, write_seal
from engine.app.ports.records import Seal

__all__ = ["Seal"]


def _draft(context: PreparationContext) -> SealDraft | None:
    context.relies_on(STREAM)
    return draft_seal(context.transaction)


def _from_json(body: Mapping[str, Any] | None) -> Seal | None:
    return None if body is None else Seal.from_json(body)


@command("audit.seal", prepare=_draft, decode=_from_json)
def seal(context: CommandContext) -> Seal | None:
    """Seal everything committed until now, as the person who asks; None where nothing has changed since the last seal.

    The seal itself, in the history "seal", is the entry: another one would be a change to be sealed.
    """
    context.recorded = True
    draft: SealDraft | None = context.prepared
    if draft is None:
        return None
    return write_seal(
        context.transaction, context.now, context.services.definitions.time.zone, context.by, draft
    )
