"""A child that leaves the state its parent has waited for, once the parent has gone on."""

from __future__ import annotations

from engine.app.session.unit_of_work import UnitOfWork
from engine.language import say
from engine.lifecycle.case import Case

#: What the message is about, as the inbox names it.
ABOUT = "reopened"


def tell_if_reopened(uow: UnitOfWork, before: Case, after: Case) -> None:
    """Tell whoever has the parent's task, or whom it belongs to, that a child it has joined is being worked on again.

    Nobody is told where the parent waits for the child still, or again because a step of its own has brought it back.
    """
    awaited = uow.services.definitions.awaited(uow.transaction, after.workflow)
    if after.parent is None or before.state not in awaited or after.state in awaited:
        return
    parent = uow.case(after.parent)
    if parent is None:
        return
    process = uow.process(parent)
    joins = [
        step
        for step in process.workflow.transitions
        if step.join is not None
        and step.join.workflow == after.workflow
        and before.state in step.join.states
        and after.state not in step.join.states
    ]
    if any(parent.state in step.sources for step in joins):
        return
    taken = {step.id for step in joins}
    uow.flush()
    history = uow.transaction.events.of(parent.id, limit=parent.rev)
    if not any(event.body.get("step") in taken for event in history):
        return
    people = [parent.assignee] if parent.open and parent.assignee else []
    for name in () if people or not parent.open else process.state(parent.state).audience:
        people += uow.people.recipients(process, parent, name)
    child = uow.process(after)
    text = say(
        "“{child}”已汇总，现由“{before}”回到“{after}”，正在重办，请核对“{parent}”（现为“{state}”）是否须相应处理",
        child=after.title,
        before=child.state(before.state).title,
        after=child.state(after.state).title,
        parent=parent.title,
        state=process.state(parent.state).title,
    )
    uow.tell(after, people or uow.owners_of(parent), text, ABOUT, urgent=True)
