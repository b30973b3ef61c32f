"""草稿: what a person has typed and not handed in. Only they read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.access.query import QueryContext, query
from engine.app.people.definition_draft import DEFINITIONS, is_definition
from engine.app.ports.records import Draft
from engine.kernel.instants import to_text
from engine.language import Message, say

__all__ = ["Draft", "DraftView", "list_definition_drafts", "list_drafts", "read_draft"]


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, and why it is an older one; None: it is for the step as it is now."""

    draft: Draft
    older: Message | None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        draft = self.draft
        return {
            "case": draft.case,
            "step": draft.step,
            "form": draft.form,
            "version": draft.version,
            "state": draft.state,
            "saved_at": to_text(draft.saved_at),
            "older": None if self.older is None else str(self.older),
            "answers": dict(draft.answers),
        }


@query("draft.read", about="person")
def list_drafts(context: QueryContext, *, person: str) -> Sequence[DraftView]:
    """Return the drafts of `person`, ordered by case and step."""
    kept = context.transaction.drafts.of(person)
    return [_view(context, draft) for draft in kept if not is_definition(draft)]


@query("draft.read", about="person")
def list_definition_drafts(context: QueryContext, workflow: str, *, person: str) -> Sequence[Draft]:
    """Return the texts of a workflow that `person` works at and has not published, ordered by file."""
    case = f"{DEFINITIONS}{workflow}"
    return [one for one in context.transaction.drafts.of(person) if one.case == case]


@query("draft.read", about="person")
def read_draft(context: QueryContext, case_id: str, step: str, *, person: str) -> DraftView | None:
    """Return the draft of `person` for a step of a case; None where there is none."""
    found = context.transaction.drafts.get(person, case_id, step)
    return None if found is None else _view(context, found)


def _view(context: QueryContext, draft: Draft) -> DraftView:
    """Return a draft with the reason why it is not for the step as it is now."""
    case = context.transaction.cases.get(draft.case)
    if case is None or not context.sees(case):
        return DraftView(draft, say("这件案件现在看不到了"))
    if not case.open:
        return DraftView(draft, say("案件已办结"))
    if case.version != draft.version:
        message = say("存草稿时是第 {old} 版流程，现在是第 {new} 版", old=draft.version, new=case.version)
        return DraftView(draft, message)
    if (case.state, case.entered_at) != (draft.state, draft.entered_at):
        return DraftView(draft, say("存草稿以后，案件已经办了别的步骤"))
    return DraftView(draft, None)
