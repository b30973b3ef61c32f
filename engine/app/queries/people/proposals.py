"""What is proposed and waits for a second person, and what one person did alone."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.proposals import as_read, kept_apart, may_agree
from engine.app.access.query import QueryContext, query
from engine.app.people.administrators import named_administrators
from engine.app.ports.records import Proposal
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

__all__ = ["Proposal", "list_administrators", "list_proposals", "show_proposal"]


@query("proposal.read")
def list_proposals(context: QueryContext, *, everything: bool = False) -> Sequence[Proposal]:
    """Return the proposals that wait, or all of them: of everybody for administrators, else those one made, is the subject of, or may agree to."""
    found = [
        one
        for one in context.transaction.proposals.all()
        if (everything or one.status in ("open", "confirmed")) and _concerns(context, one)
    ]
    _note(context, "proposals", found)
    return as_read(context.transaction, found)


@query("proposal.read")
def show_proposal(context: QueryContext, proposal: str) -> Proposal | Refusal:
    """Return one proposal."""
    found = context.transaction.proposals.get(proposal)
    if found is None or not _concerns(context, found):
        message = say("没有提请“{id}”", id=proposal)
        return Refusal(None, "", (RefusalReason("proposal", message, next=NextAction("list_proposals")),))
    _note(context, f"proposals/{found.id}", [found])
    return as_read(context.transaction, [found])[0]


@query("proposal.read")
def list_administrators(context: QueryContext) -> Sequence[str]:
    """Return the ids of the administrators."""
    return named_administrators(context.transaction)


def _note(context: QueryContext, about: str, proposals: Sequence[Proposal]) -> None:
    """Note that what is kept apart of proposals is shown to somebody who neither made them nor is their subject."""
    viewer = context.viewer.id
    others = [one for one in proposals if viewer not in (one.by, one.summary.get("person"))]
    apart = [names for one in others if (names := kept_apart(one))]
    context.shows_personal(about, {name for names in apart for name in names}, len(apart))


def _concerns(context: QueryContext, proposal: Proposal) -> bool:
    viewer = context.viewer.id
    return (
        viewer in (proposal.by, proposal.summary.get("person"), *named_administrators(context.transaction))
        or may_agree(context.transaction, viewer, proposal)
        or context.why_denied("administrator.change") is None
        or context.why_denied("audit.seal") is None
    )
