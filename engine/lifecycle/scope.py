"""What an expression may look at: one flat mapping of root names, made fresh for each decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.expressions.expression import CALENDAR, ZONE
from engine.lifecycle.process import Process


def make_scope(
    process: Process,
    case: Case,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, Any],
    reason: str | None = None,
    names: frozenset[str] | None = None,
) -> dict[str, Any]:
    """Return the scope of a decision; ``form`` and ``it`` are added where they exist.

    With `names`, what else a name begins with that is looked up is left out where it costs something.
    """
    people: Mapping[str, Any] = facts.get("people", {}) if facts else {}
    zone = process.time.zone
    scope: dict[str, Any] = {
        "case": {
            **case.fields,
            "id": case.id,
            "workflow": case.workflow,
            "state": case.state,
            "section": case.section,
            "title": case.title,
            "opened_on": local_day(case.opened_at, zone),
            "opened_by": case.opened_by,
            "subject": case.subject.get("id"),
            "parent": case.parent,
        },
        "forms": case.forms,
        "subject": case.subject,
        "today": local_day(now, zone),
        "reason": reason,
        "targets": process.bureau.targets,
        CALENDAR: process.time.calendar,
        ZONE: zone,
    }
    if names is None or "actor" in names:
        scope["actor"] = {
            "id": actor.id,
            "section": actor.section,
            "roles": sorted(actor.roles),
            "name": actor.name,
        }
    if names is None or "clocks" in names:
        scope["clocks"] = clock_readings(process, case, now)
    if process.branches:
        from engine.lifecycle.forms.branches import branch_values

        scope["branches"] = branch_values(process, case)
    for party in process.workflow.parties:
        if names is not None and party not in names:
            continue
        scope[party] = [people.get(person) or {"id": person} for person in case.parties.get(party, ())]
    if facts:
        scope.update({name: value for name, value in facts.items() if name != "people"})
    return scope


@lru_cache(maxsize=1024)
def local_day(instant: datetime, zone: tzinfo) -> str:
    """Return the day of an instant in `zone`, as ``2024-09-14``."""
    return instant.astimezone(zone).date().isoformat()


def clock_readings(process: Process, case: Case, now: datetime) -> dict[str, Any]:
    """Return, for every clock of the workflow, whether it runs, its due day, and whether it is late."""
    if not case.clocks:
        return process.clocks_at_rest
    running = {
        name: {"running": True, "due_on": clock.due_on.isoformat(), "late": clock.late(now)}
        for name, clock in case.clocks.items()
    }
    return {**process.clocks_at_rest, **running}
