"""What comes of it that a paper is made void: its clocks stop, the case goes back to where it is served, what rests on it ends or is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.execution.apply import run_automatic_steps
from engine.app.execution.correction import put_in_place
from engine.app.execution.effects.children import end_child
from engine.app.execution.escalate import first_filled_role
from engine.app.execution.void_papers.clock import with_term
from engine.app.history.replay import history
from engine.app.papers.paper import today, without_effect
from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.session.case_path import case_path_of
from engine.app.session.child_cases import children_in_order
from engine.language import SOURCE_LANGUAGE, Message, say
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import Actor
from engine.lifecycle.deadlines.clock_transitions import clocks_after, with_those_beside
from engine.lifecycle.deadlines.resumed_clocks import kept_clocks
from engine.lifecycle.deadlines.served_papers import read_by_child
from engine.lifecycle.deadlines.void_paper_clock import VOID_PAPER
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.model.period_mark import PeriodMark
from engine.lifecycle.scope import make_scope
from engine.worktime.periods import OnDay

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.deadlines.served_papers import CountedFromService
    from engine.lifecycle.process import Process

_ABOUT = "notify"


@dataclass(frozen=True, slots=True)
class VoidPaper:
    """A paper that was made void just now, and what counts from its service; `new` is the one made in its place at once.

    `back`: what it says was wrong, and the case goes back to where its form is filled.
    """

    paper: PaperRecord
    reason: str
    by: str
    counted: CountedFromService | None = None
    new: PaperRecord | None = None
    back: bool = False


def state_to_fill(uow: UnitOfWork, case: Case, counted: CountedFromService | None) -> str | None:
    """Return the state a case goes back to so that the form of a paper is filled anew; None where the case is past that, or was never there."""
    if counted is None or not case.open:
        return None
    if case.state not in counted.states | counted.announced | {*counted.served_from}:
        return None
    uow.flush()
    passed = [event.body.get("state") for event in history(uow.transaction, case.id)]
    return next((state for state in reversed(passed) if state in counted.made_in), None)


def change_of(uow: UnitOfWork, case: Case, void: VoidPaper) -> Change:
    """Return what changes in the case itself: clocks stop, and it goes back to where the paper is served once there is a new one.

    What was done before stays as it is. A case in which nothing counts from the service any more stays where it is. While there is
    none in its place a term runs.
    """
    process, counted = uow.process(case), void.counted
    if counted is None or not case.open:
        return Change()
    if void.back:
        return _change_back(uow, process, case, counted, void)
    target = _target(uow, case, void)
    if target is not None:
        changed = _clocks_again(uow, process, case, target, counted, void)
        return Change(
            state=target,
            clocks=with_term(uow, process, case, target, changed),
            fields={name: None for name in sorted(counted.later) if name in case.fields},
        )
    if void.new is not None and case.state in counted.served_from:
        again = {
            name: process.time.start(clock, uow.now)
            for name, clock in process.workflow.clocks.items()
            if name in case.clocks
            and not clock.beside
            and any(
                limit.since and path in limit.since.names()
                for limit in clock.limits
                for path in counted.made_on
            )
        }
        return Change(clocks=with_those_beside(process, case.clocks, again, uow.now))
    if case.state not in counted.states or not _had_effect(uow, case, void):
        return Change()
    stopped: dict[str, RunningClock | None] = {name: None for name in case.clocks if name in counted.clocks}
    stopped = with_those_beside(process, case.clocks, stopped, uow.now)
    return Change(clocks=with_term(uow, process, case, case.state, stopped))


def _change_back(
    uow: UnitOfWork, process: Process, case: Case, counted: CountedFromService, void: VoidPaper
) -> Change:
    """Return the change of a case that goes back to where the form is filled: what its step set is to be set anew.

    A term of law goes on from where it was, as if the case had not gone on; a suggested one begins anew.
    """
    target = state_to_fill(uow, case, counted)
    if target is None:
        return Change()
    scope = make_scope(process, case, Actor(void.by), uow.now, {})
    changed = clocks_after(process, case.state, target, uow.now, scope, running=case.clocks)
    passage = case_path_of(history(uow.transaction, case.id), case.personal)
    kept = kept_clocks(process, case, target, changed, passage, scope, uow.now)
    of_law = {
        name: reading
        for name, reading in kept.items()
        if process.workflow.clocks[name].mark is PeriodMark.STATUTORY
    }
    changed |= of_law | {name: None for name in case.clocks if name in counted.clocks}
    changed = with_those_beside(process, case.clocks, changed, uow.now)
    return Change(
        state=target,
        clocks=with_term(uow, process, case, target, changed),
        fields={name: None for name in sorted(counted.sets | counted.later) if name in case.fields},
    )


def day_made(uow: UnitOfWork, case: Case, counted: CountedFromService | None) -> Change:
    """Return what is put right before a paper is made anew: the day it is made, in its form and in the fields set to the same.

    Nothing where the case is past the service of the paper.
    """
    change = Change()
    if counted is None or not case.open:
        return change
    if case.state not in counted.states | counted.announced | {*counted.served_from}:
        return change
    day = today(uow).isoformat()
    for (_, form, name), fields in counted.made_on.items():
        answers = case.forms.get(form, {})
        if change.form in (None, form) and answers.get(name) not in (None, day):
            given = {**(change.answers or answers), name: day}
            change = replace(
                change, form=form, answers=given, fields={**change.fields, **dict.fromkeys(fields, day)}
            )
    return change


def effect_of(uow: UnitOfWork, case: Case, void: VoidPaper, change: Change) -> Message | str:
    """Return what a void paper that was served stops, as the message says it; empty where nothing counts from its service any more."""
    counted, clocks = void.counted, uow.process(case).workflow.clocks
    if counted is None or (not change.state and not change.clocks and case.state not in counted.states):
        return ""
    if void.back and change.state:
        state = uow.process(case).state(change.state).title
        return say("退回“{state}”，改正内容以后重新制作；", state=state)
    stopped = [clocks[name].title for name in case.clocks if name in counted.clocks and name in clocks]
    term = change.clocks.get(VOID_PAPER)
    until = say("{day}以前重新制作并送达，或者了结本件；", day=term.due_on.isoformat()) if term else ""
    if stopped:
        return say(
            "从它的送达起算的期限停止（{clocks}），从新的送达起重新计算；{until}", clocks=stopped, until=until
        )
    return say("以它的送达为准的办理停下，从新的送达起重新计算；{until}", until=until)


def follow(
    uow: UnitOfWork, before: Case, after: Case, void: VoidPaper, with_it: Sequence[VoidPaper] = ()
) -> None:
    """Do what comes of it, and of those void `with_it`, in other cases and in public, and let the case go on by itself where it can."""
    counted = void.counted
    rests = counted is not None and before.state in counted.states and _had_effect(uow, before, void)
    if void.paper.fact(PaperState.SERVED) is not None:
        for one in (void, *with_it):
            _in_public(uow, after, one, keep=not rests)
    if counted is not None and _had_effect(uow, before, void):
        _reach_children(uow, after, void, counted)
    if before.state != after.state:
        run_automatic_steps(uow, after)


def people_of_void(uow: UnitOfWork, case: Case) -> list[str]:
    """Return who gets a message at once: who has the task and who is of the case, and the head of the section."""
    process = uow.process(case)
    rule = process.bureau.untouched
    chain = tuple(role for role in (rule.escalate if rule else ()) if role in process.bureau.roles)
    heads = (
        uow.people.recipients(process, case, first_filled_role(uow, case, chain))
        if chain
        else uow.owners_of(case)
    )
    return list(dict.fromkeys([*uow.concerned_by(case), *heads]))


def _had_effect(uow: UnitOfWork, case: Case, void: VoidPaper) -> bool:
    papers = uow.transaction.papers.of_case(case.id)
    along = void.counted.along if void.counted is not None else ()
    return without_effect(papers, void.paper.kind, along) is not None


def _target(uow: UnitOfWork, case: Case, void: VoidPaper) -> str | None:
    """Return the state a case goes back to; None where it stays."""
    counted = void.counted
    if counted is None or not counted.served_from:
        return None
    anew = void.new is not None and case.state in counted.states and _had_effect(uow, case, void)
    if not anew and case.state not in counted.announced:
        return None
    uow.flush()
    passed = [event.body.get("state") for event in history(uow.transaction, case.id)]
    return next((s for s in reversed(passed) if s in counted.served_from), counted.served_from[0])


def _clocks_again(
    uow: UnitOfWork, process: Process, case: Case, target: str, counted: CountedFromService, void: VoidPaper
) -> Mapping[str, RunningClock | None]:
    """Return the clocks that change when a case goes back: those that start there count from now, for what they counted from was of the void paper."""
    scope = make_scope(process, case, Actor(void.by), uow.now, {})
    changed = clocks_after(process, case.state, target, uow.now, scope, running=case.clocks)
    for name, running in changed.items():
        clock = process.workflow.clocks[name]
        if running is None or clock.conditional or clock.beside:
            continue
        # A day somebody has named is no period: it stays.
        if clock.since is not None and not any(isinstance(limit.length, OnDay) for limit in clock.limits):
            anew = process.time.start(clock, uow.now)
            changed[name] = (
                anew if running.paused_at is None else replace(anew, paused_at=uow.now, next_at=None)
            )
    changed |= {name: None for name in case.clocks if name in counted.clocks}
    return with_those_beside(process, case.clocks, changed, uow.now)


def _reach_children(uow: UnitOfWork, case: Case, void: VoidPaper, counted: CountedFromService) -> None:
    """End the open children that were handed a day of the service where the process says how; tell the others' people, and stop their clocks."""
    number = void.paper.number or void.paper.id
    for child in children_in_order(uow, case.id, only_open=True):
        now = uow.case(child.id) or child
        fields = counted.children.get(now.workflow)
        if fields is not None and now.workflow in counted.ends:
            because = say("所依据的文书“{paper}”已作废", paper=number)
            end_child(
                uow, now, counted.ends[now.workflow], because.render(SOURCE_LANGUAGE), void.by, case.id, ""
            )
            continue
        clocks = read_by_child(uow.process(now).workflow, fields) if fields else frozenset()
        if stopped := dict.fromkeys(name for name in now.clocks if name in clocks):
            body = {"title": "上级件的文书作废，期限停止", "of": void.paper.id}
            now = uow.record(now, EventKind.RECORDED.value, void.by, body, Change(clocks=stopped))
        text = say(
            "“{title}”的上级件“{parent}”的文书{old}送达后作废：以它为依据的，请核对后再办理",
            title=now.title, parent=case.title, old=number,
        )  # fmt: skip
        uow.tell(now, uow.holders_of(now), text, _ABOUT, f"{now.id}:void:{void.paper.id}", personal=True)


def _in_public(uow: UnitOfWork, case: Case, void: VoidPaper, *, keep: bool) -> None:
    """Take back what is public because of the void paper or names its number, of the case and of those above it; it stays listed with why.

    What the paper was for is to be kept where `keep` says so: where one was made in its place, the same is public with the number of that one.
    """
    number = void.paper.number or ""
    new = (void.new.number or "") if void.new is not None else ""
    because = say("文书“{paper}”已作废：{reason}", paper=number or void.paper.id, reason=void.reason)
    because_of_it = void.counted.published if void.counted is not None else frozenset()
    because_of_it |= _published_with(uow, case, void.paper.kind)
    kinds = because_of_it if void.new is None or not keep else frozenset()
    current: Case | None = case
    while current is not None:
        for one in uow.transaction.records.publications(case_id=current.id):
            named = bool(number) and number in canonical(one.body)
            if one.withdrawn_at is not None or not (named or (current is case and one.kind in kinds)):
                continue
            if keep and new and named:
                put_in_place(uow, current, one, _with(one.body, number, new), because)
                continue
            gone = replace(one, withdrawn_at=uow.now, withdrawn_because=because.render(SOURCE_LANGUAGE))
            uow.transaction.records.put_publication(gone)
            uow.send(case, "site", "site", None, {"withdrawn": one.kind})
        current = uow.seen(current.parent) if current.parent else None


def _published_with(uow: UnitOfWork, case: Case, kind: str) -> frozenset[str]:
    """Return the kinds of publications made by the steps that serve papers of a kind: such a paper is of what is published."""
    return frozenset(
        str(effect.arguments["publish"])
        for step in uow.process(case).workflow.transitions
        if any(
            one.kind == "paper"
            and one.arguments["paper"] == kind
            and one.arguments["becomes"] == PaperState.SERVED
            for one in step.then
        )
        for effect in step.then
        if effect.kind == "publish" and not effect.arguments.get(ABOVE)
    )


def _with(body: Any, number: str, new: str) -> Any:
    """Return what is public with another number of a paper."""
    if isinstance(body, Mapping):
        return {name: _with(one, number, new) for name, one in body.items()}
    if isinstance(body, list | tuple):
        return [_with(one, number, new) for one in body]
    return body.replace(number, new) if isinstance(body, str) else body
