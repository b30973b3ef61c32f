"""Takes one running case to another version of its definition, in the transaction it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.app.execution.apply import run_automatic_steps
from engine.app.execution.other_cases import holder_of
from engine.app.execution.void_papers.guard import with_clocks_stopped
from engine.app.history.replay import history
from engine.app.people.directory import UNASSIGNED, candidate_keys
from engine.app.session.facts import people_facts
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.instants import to_text
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.migration.carried_answers import AnswerMove
from engine.lifecycle.migration.plan import plan_migration
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.process import Process


@dataclass(frozen=True, slots=True)
class CaseSketch:
    """What people see of a case: its state, who has the task, the deadlines that run."""

    version: int
    state: str
    title: str
    tasks: tuple[tuple[str, str | None], ...]
    deadlines: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "version": self.version,
            "state": self.state,
            "title": self.title,
            "tasks": [{"for": who, "due_on": due} for who, due in self.tasks],
            "deadlines": [dict(one) for one in self.deadlines],
        }


@dataclass(frozen=True, slots=True)
class MigratedCase:
    """What became of one case, or would; with `reasons` it stays as it is."""

    case: str
    title: str
    before: CaseSketch
    after: CaseSketch | None = None
    answers: tuple[AnswerMove, ...] = ()
    reasons: tuple[RefusalReason, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "title": self.title,
            "before": self.before.as_json(),
            "after": self.after.as_json() if self.after is not None else None,
            "answers": [move.as_json() for move in self.answers],
            "reasons": [reason.as_json() for reason in self.reasons],
        }


def migrate_case(uow: UnitOfWork, case: Case, new: Process, renames: RenameMap, by: str) -> MigratedCase:
    """Take `case` to the version of `new` as `by`, or say why it cannot go; then take its automatic steps.

    Where there are reasons, the transaction is not to be kept. Enters ``migrated`` into its history. Whoever has its task is sent word where a deadline or an answer has changed.
    """
    old = uow.process(case)
    before = _sketch(uow, case)
    events = list(history(uow.transaction, case.id))
    plan = plan_migration(old, new, case, renames, uow.now, people_facts(uow, new, case), events)
    reasons = [*plan.reasons, *(_in_the_way(uow, old, new, case, renames) if not plan.reasons else ())]
    if reasons:
        return MigratedCase(case.id, case.title, before, reasons=tuple(reasons))
    body = {
        "step": "migrate",
        "title": "换版",
        "from": case.version,
        **({"renamed": plan.renames.as_json()} if plan.renames.as_json() else {}),
    }
    change = with_clocks_stopped(uow, new, case, plan.change)
    after = uow.record(case, EventKind.MIGRATED.value, by, body, change)
    try:
        run_automatic_steps(uow, after)
    except CommandRefused as no:
        return MigratedCase(case.id, case.title, before, reasons=no.refusal.reasons)
    after = uow.case(case.id) or after
    uow.flush()
    shown = _sketch(uow, after, {new: old for old, new in plan.renames.clocks.items()})
    if plan.moves or _read(shown) != _read(before):
        _say_what_changed(uow, after, len(plan.moves))
    return MigratedCase(case.id, case.title, before, shown, plan.moves)


def _in_the_way(
    uow: UnitOfWork, old: Process, new: Process, case: Case, renames: RenameMap
) -> list[RefusalReason]:
    """Return why other cases, or people who are not there, keep a case from going."""
    state = renames.states.get(case.state, case.state)
    found = []
    lock = new.locks.get(state)
    if lock is not None and lock != old.locks.get(case.state):
        other = holder_of(uow, lock, case.id)
        if other is not None:
            message = say(
                "新版的“{title}”同时只能有一件，现有“{case}”", title=new.state(state).title, case=other.id
            )
            found.append(RefusalReason("lock", message))
    parent = uow.seen(case.parent) if case.parent else None
    if parent is not None and parent.open:
        for step in uow.process(parent).workflow.transitions:
            gone = step.join.states - new.workflow.states.keys() if step.join else frozenset()
            if step.join is not None and step.join.workflow == case.workflow and gone:
                message = say(
                    "上级案件“{case}”等的是环节“{states}”，新版没有；须先迁移上级案件",
                    case=parent.id,
                    states=sorted(gone),
                )
                found.append(RefusalReason("parent", message))
    audience = new.state(state).audience
    parties = [name for name in audience if name in new.workflow.parties]
    if parties and len(parties) == len(audience):
        named = {renames.parties.get(name, name): people for name, people in case.parties.items()}
        if not any(named.get(name) for name in parties) and candidate_keys(old, case) != [UNASSIGNED]:
            titles = [new.workflow.parties[name] for name in parties]
            message = say("新版此环节由{who}办理，本件没有指派", who=titles)
            found.append(RefusalReason("party", message))
    return found


def _sketch(uow: UnitOfWork, case: Case, former: Mapping[str, str] | None = None) -> CaseSketch:
    """Return what people see of `case`; a deadline that had another id until now (`former`: id -> id before) says so in ``was``."""
    earlier = former or {}
    process = uow.process(case)
    tasks = sorted(
        (task.key, task.due_on.isoformat() if task.due_on else None)
        for task in uow.transaction.tasks.of_case(case.id)
    )
    deadlines = [
        {
            "clock": name,
            **({"was": earlier[name]} if name in earlier else {}),
            "title": process.workflow.clocks[name].title if name in process.workflow.clocks else name,
            "due_on": running.due_on.isoformat(),
            "due_at": to_text(running.due_at),
            "provisional": running.provisional,
            "late": running.late(uow.now),
        }
        for name, running in sorted(case.clocks.items())
    ]
    return CaseSketch(
        case.version, case.state, process.state(case.state).title, tuple(tasks), tuple(deadlines)
    )


def _read(sketch: CaseSketch) -> list[tuple[Any, ...]]:
    """Return what whoever has the task reads of the deadlines, in the order of the days."""
    keys = ("due_at", "title", "provisional", "late")
    return sorted(tuple(one[key] for key in keys) for one in sketch.deadlines)


def _say_what_changed(uow: UnitOfWork, case: Case, answers: int) -> None:
    """Send word to whoever has the task of `case`."""
    process = uow.process(case)
    names = process.state(case.state).audience
    people = [case.assignee] if case.assignee else []
    if not people:
        people = [who for name in names for who in uow.people.recipients(process, case, name)]
    text = (
        say(
            "“{case}”已按新版流程办理，有 {count} 处填写内容变动，请先看过再办",
            case=case.title,
            count=answers,
        )
        if answers
        else say("“{case}”已按新版流程办理，时限有变动", case=case.title)
    )
    uow.tell(case, people, text, EventKind.MIGRATED.value)
