"""A case as a viewer may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.access.query import QueryContext
    from engine.lifecycle.case import Case


def visible_case(context: QueryContext, case_id: str) -> Case | Refusal:
    """Return a case the viewer sees, or the refusal of `unknown_case`."""
    case = context.transaction.cases.get(case_id)
    if case is not None and context.sees(case):
        return case
    context.hidden = None if case is None else case_id
    return unknown_case(case_id)


def unknown_case(case_id: str, attempt: str = "") -> Refusal:
    """Return the refusal of a case there is not, or is not for whoever asks: one answer, which tells nobody which of the two."""
    message = say("没有案件“{case}”，或它属于其他股室", case=case_id)
    if not case_id.isascii():
        from engine.register.confusables import explain

        if wrong := explain(case_id):
            message = say(
                "没有案件“{case}”，或它属于其他股室；编号里有看上去一样、其实不同的字符：{wrong}",
                case=case_id,
                wrong=list(wrong),
            )
    return Refusal(None, attempt, (RefusalReason("case", message, next=NextAction("list_cases")),))
