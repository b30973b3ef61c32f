"""What a change of one case means for others: children left open, a lock that is taken, facts its children read, a child that is opened again."""

from __future__ import annotations

from collections.abc import Iterable

from engine.app.definitions.derived_settings import LOCKS
from engine.app.ports.records import CaseFilter
from engine.app.session.child_cases import MAX_CHILDREN, children_in_order
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import FREED, SHARED, UnitOfWork
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.decision import Decision
from engine.lifecycle.model.workflow import LEAVE
from engine.lifecycle.process import Process

#: What the message about a child that is opened again is about, as the inbox names it.
REOPENED = "reopened"
#: Open children a refusal names.
SHOWN = 5


def settle(uow: UnitOfWork, decision: Decision) -> None:
    """Look at what was changed because of a decision and concerns other cases.

    Raises CommandRefused where a case ended with open children, or came to where another one is alone. What others may
    have waited for is noted (`UnitOfWork.signals`).
    """
    while uow.concerning:
        before, after = uow.concerning.pop()
        process = uow.process(after)
        # Of a case that is voided the children are voided with it, or stand in the way (`execute`).
        if after.closed_at is not None and before.closed_at is None and decision.kind is not EventKind.VOIDED:
            left = _left_open(uow, process, after, after.state, ())
            if left:
                raise CommandRefused(
                    Refusal(after.id, decision.title, (_open_children(process, after, left),))
                )
        held, lock = process.locks.get(before.state), process.locks.get(after.state)
        if lock is not None and lock != held:
            holder = holder_of(uow, lock, after.id)
            if holder is not None:
                raise CommandRefused(Refusal(after.id, decision.title, (_locked(uow, lock, holder),)))
        if held is not None and held != lock:
            uow.signals.append((FREED, held))
        ended = after.closed_at is not None
        # A child that waits for what its parent will never say is a case that waits for nothing.
        if process.shared and (
            ended or any(before.fields.get(n) != after.fields.get(n) for n in process.shared)
        ):
            uow.signals.append((SHARED, after.id))


def in_the_way(uow: UnitOfWork, process: Process, case: Case, decision: Decision) -> bool:
    """Tell whether an automatic step has to wait: for open children, or for another case to leave a lock."""
    change = decision.change
    target = change.state
    if target is None:
        return False
    if change.final and _left_open(uow, process, case, target, _ended(uow, case, decision)):
        return True
    lock = process.locks.get(target)
    if lock is None or lock == process.locks.get(case.state):
        return False
    return holder_of(uow, lock, case.id) is not None


def to_ask_again(uow: UnitOfWork) -> list[str]:
    """Return the cases whose automatic steps may have waited for what was signalled, whoever waits longest last."""
    found: list[str] = []
    while uow.signals:
        kind, about = uow.signals.pop()
        if kind == SHARED:
            children = children_in_order(uow, about, only_open=True)
            found += [child.id for child in children if uow.process(child).reads_parent(child.state)]
        else:
            places = (uow.transaction.settings.get(LOCKS) or {}).get(about, {}).get("before", ())
            waiting = sorted(_in(uow, places), key=lambda case: (case.entered_at, case.id), reverse=True)
            found += [case.id for case in waiting]
    return found


def holder_of(uow: UnitOfWork, lock: str, case_id: str) -> Case | None:
    """Return the other case that is where only one may be.

    The number that is taken has everybody who wants the same lock wait until this transaction ends.
    """
    uow.flush()
    uow.transaction.cases.number(f"lock:{lock}")
    places = (uow.transaction.settings.get(LOCKS) or {}).get(lock, {}).get("in", ())
    others = (case for case in _in(uow, places) if case.id != case_id)
    return next((case for case in others if uow.process(case).locks.get(case.state) == lock), None)


def _in(uow: UnitOfWork, places: Iterable[Iterable[str]]) -> list[Case]:
    """Return the open cases that are in one of (workflow, state)."""
    uow.flush()
    found: list[Case] = []
    for workflow, state in places:
        wanted = CaseFilter(workflow=workflow, state=state, open=True)
        found += uow.transaction.cases.find(wanted, limit=MAX_CHILDREN)
    return found


def _ended(uow: UnitOfWork, case: Case, decision: Decision) -> set[str]:
    from engine.app.execution.effects.children import ended_by

    return {
        child.id
        for effect in decision.effects
        if effect.kind == "end" and (effect.when is None or effect.when.holds(decision.scope))
        for child in ended_by(uow, case, effect, decision.scope)
    }


def _left_open(
    uow: UnitOfWork, process: Process, case: Case, target: str, ended: Iterable[str]
) -> list[Case]:
    """Return the children that would be open when `case` is in `target`, where the definition does not let them go on."""
    if process.state(target).open_children == LEAVE:
        return []
    gone = set(ended)
    return [child for child in children_in_order(uow, case.id, only_open=True) if child.id not in gone]


def _open_children(process: Process, case: Case, left: list[Case]) -> RefusalReason:
    shown = [say("{title}（{id}）", title=child.title, id=child.id) for child in left[:SHOWN]]
    message = say("还有 {count} 件子件未办结：{children}", count=len(left), children=shown)
    hint = say(
        "先办结子件；或请流程的编写人在这一步的 then（然后）里写 end（终止），"
        "或在环节“{state}”写 open_children: leave（未结子件: 继续办理）",
        state=process.state(case.state).title,
    )
    return RefusalReason("children", message, hint=hint)


def _locked(uow: UnitOfWork, lock: str, holder: Case) -> RefusalReason:
    state = uow.process(holder).state(holder.state).title
    message = say(
        "“{lock}”同时只办一件：“{title}”（{id}）正在环节“{state}”",
        lock=lock,
        title=holder.title,
        id=holder.id,
        state=state,
    )
    return RefusalReason("locked", message, hint=say("等它离开该环节后再办"))


def tell_if_reopened(uow: UnitOfWork, before: Case, after: Case) -> None:
    """Send whoever has the parent's task, or whom it belongs to, a message that a child it has joined is being worked on again.

    There is none where the parent waits for the child still, or again because a step of its own has brought it back.
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
    names = {
        "child": after.title,
        "before": child.state(before.state).title,
        "after": child.state(after.state).title,
        "parent": parent.title,
        "state": process.state(parent.state).title,
    }
    if after.open:
        text = say(
            "“{child}”已汇总，现由“{before}”回到“{after}”，正在重办，请核对“{parent}”（现为“{state}”）是否须相应处理",
            **names,
        )
    else:
        text = say(
            "“{child}”已汇总，现已由“{before}”转为“{after}”，不再办理，请核对“{parent}”（现为“{state}”）是否须相应处理",
            **names,
        )
    uow.tell(after, people or uow.owners_of(parent), text, REOPENED, urgent=True)
