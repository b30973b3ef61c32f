"""A case as a viewer may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.access.query import QueryContext
    from engine.lifecycle.case import Case


def visible_case(context: QueryContext, case_id: str) -> Case | Refusal:
    """Return a case the viewer sees, or the refusal that says that there is none, or that it is another section's."""
    case = context.transaction.cases.get(case_id)
    if case is None:
        return unknown_case(case_id)
    if not context.sees(case):
        return hidden_case(case_id, context.viewer.id)
    return case


def hidden_case(case_id: str, person: str) -> Refusal:
    """Return the refusal of a case that `person` may not see."""
    message = say("案件“{case}”属于其他股室，“{person}”不能查看", case=case_id, person=person)
    return Refusal(None, "", (RefusalReason("not-allowed", message),))


def unknown_case(case_id: str) -> Refusal:
    """Return the refusal of a case there is not."""
    message = say("没有案件“{case}”", case=case_id)
    return Refusal(None, "", (RefusalReason("case", message, next=NextAction("list_cases")),))
