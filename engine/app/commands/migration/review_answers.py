"""Saying that answers which a migration has changed were looked at."""

from __future__ import annotations

from engine.app.access.case_access import case_to_act_on
from engine.app.access.command import CommandContext, command
from engine.app.people.directory import actor_keys
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import Change, EventKind

__all__ = ["review_answers"]


@command("case.review")
def review_answers(context: CommandContext, case: str) -> list[str]:
    """Note that whoever has the task of `case` has looked at the answers a migration changed; returns their names.

    Refused to everybody else, and where there is nothing to look at.
    """
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found, actor = case_to_act_on(uow, case, context.by, "")
    if not found.to_review:
        raise context.refusal("review", say("“{case}”没有待看的变动", case=case))
    holders = {task.key for task in context.transaction.tasks.of_case(case)}
    if holders.isdisjoint(actor_keys(actor)):
        raise context.refusal("not-allowed", say("变动由办理此件待办的人看过"))
    names = list(found.to_review)
    uow.record(
        found,
        EventKind.REVIEWED.value,
        context.by,
        {"title": "已看过换版的变动", "step": "review"},
        Change(to_review=dict.fromkeys(names)),
    )
    uow.finish()
    context.recorded = True
    return names
