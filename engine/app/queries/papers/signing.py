"""Signatures of a case, each held against what was signed."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.papers.signing import signature_states
from engine.app.ports.signatures import SignatureState
from engine.kernel.refusal import Refusal

__all__ = ["SignatureState", "list_signatures"]


@query("document.read")
def list_signatures(context: QueryContext, case_id: str) -> Sequence[SignatureState] | Refusal:
    """Return the signatures of a case in their order; one on something that was changed since no longer holds."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    return signature_states(context.transaction, case, holder=context.source)
