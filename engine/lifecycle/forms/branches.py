"""并行: the tasks side by side in one state, each answered once in a stay. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from engine.kernel.instants import from_text, to_text
from engine.lifecycle.case import Case
from engine.lifecycle.expressions.expression import CALENDAR, EvaluationError
from engine.lifecycle.expressions.rows import EACH
from engine.lifecycle.forms.exact_values import exact_values
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process


def asked_branches(process: Process, case: Case) -> tuple[Transition, ...]:
    """Return the branches of the present state that are asked for: all, or those whose ``when`` holds for the case."""
    branches = process.branches_of(case.state)
    if all(branch.when is None for branch in branches):
        return branches
    own = {
        "id": case.id,
        "workflow": case.workflow,
        "state": case.state,
        "section": case.section,
        "title": case.title,
        "opened_on": case.opened_at.astimezone(process.time.zone).date().isoformat(),
        "opened_by": case.opened_by,
        "subject": case.subject.get("id"),
        "parent": case.parent,
    }
    # Whose task it is depends on nothing but the case: no day and no register is asked.
    scope: dict[str, Any] = {"case": {**case.fields, **own}, "forms": case.forms, "subject": case.subject}
    scope[CALENDAR] = process.time.calendar
    return tuple(branch for branch in branches if _is_asked(branch, scope))


def _is_asked(branch: Transition, scope: Mapping[str, Any]) -> bool:
    if branch.when is None:
        return True
    try:
        return branch.when.holds(scope)
    except EvaluationError:
        # Nobody can tell, so it is asked for: what is left out cannot be noticed.
        return True


def is_answered(process: Process, case: Case, branch: str) -> bool:
    """Tell whether a branch has been answered; one of the present state, since the case entered it."""
    said = case.branches.get(branch)
    if said is None:
        return False
    here = any(one.id == branch for one in process.branches_of(case.state))
    return not here or ("past" not in said and from_text(said["at"]) >= case.entered_at)


def open_branches(process: Process, case: Case) -> tuple[Transition, ...]:
    """Return the branches of the present state that are asked for and not answered."""
    return tuple(one for one in asked_branches(process, case) if not is_answered(process, case, one.id))


def other_steps(process: Process, case: Case) -> tuple[Transition, ...]:
    """Return the steps people can take in a state with branches besides answering them."""
    steps = process.manual_steps(case.state).values()
    return tuple(found[0] for found in steps if not found[0].branch)


def has_branch_task(process: Process, case: Case) -> bool:
    """Tell whether something is left for people to do in a state with branches: a branch, or another step."""
    return bool(open_branches(process, case) or other_steps(process, case))


def answer(person: str, principal: str | None, now: datetime, zone: tzinfo, answers: Any) -> dict[str, Any]:
    """Return what is kept of the answer to a branch."""
    day = now.astimezone(zone).date().isoformat()
    said = {"by": person, "at": to_text(now), "on": day, "answers": dict(answers)}
    return {**said, "for": principal} if principal else said


def branch_values(process: Process, case: Case) -> dict[str, Any]:
    """Return ``branches`` as conditions see it: how many are asked for, open and done, and what each has answered."""
    asked = [one.id for one in asked_branches(process, case)]
    rows = {one.id: _row(process, case, one) for one in process.branches}
    done = sum(is_answered(process, case, name) for name in asked)
    found: dict[str, Any] = {"total": len(asked), "done": done, "open": len(asked) - done, **rows}
    found[EACH] = [rows[name] for name in asked] if asked else [row for row in rows.values() if row["done"]]
    return found


def _row(process: Process, case: Case, branch: Transition) -> dict[str, Any]:
    row: dict[str, Any] = {"name": branch.id, "title": branch.title, "done": False}
    if not is_answered(process, case, branch.id):
        return row
    said = case.branches[branch.id]
    form = process.workflow.forms.get(branch.form or "")
    answers = exact_values(form.fields, said["answers"]) if form is not None else said["answers"]
    return {**row, "done": True, "by": said["by"], "on": said["on"], "answers": answers}
