"""Facts from outside the case that expressions may ask for; fetched only when the step looks at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from engine.app.people.directory import in_office
from engine.app.ports.records import RegisterEntry
from engine.app.session import measures
from engine.app.session.draw_inspectors import drawn_inspectors
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.expressions.draw_facts import DrawFacts
from engine.lifecycle.process import Process
from engine.lifecycle.scope import local_day

REGISTERS = ("objects", "inspectors", "items", "experts")


def facts_for(uow: UnitOfWork, process: Process, case: Case, command: Advance | None) -> dict[str, Any]:
    """Return the facts the step of `command` (any step, when None) looks at."""
    names = process.names_used(case.state, command.step) if command else process.root_names
    facts: dict[str, Any] = {}
    if any(party in names for party in process.workflow.parties):
        facts.update(people_facts(uow, process, case, command.actor if command else None))
    if "kpi" in names:
        zone = process.time.zone
        when = measures.year_asked(case.fields.get("year"), uow.now, zone)
        facts["kpi"] = measures.kpi(uow.transaction, process.bureau, when, zone, uow.services.definitions)
    if "of_subject" in names:
        zone, definitions = process.time.zone, uow.services.definitions
        facts["of_subject"] = measures.of_subject(
            uow.transaction, process.bureau, case, uow.now, zone, definitions
        )
    if "registers" in names:
        facts["registers"] = _registers(uow, case.section, local_day(uow.now, process.time.zone))
    if "children" in names or "parent" in names:
        from engine.app.session.child_cases import children_of, parent_facts

    if "children" in names:
        facts["children"] = children_of(uow, process, case, command.step if command else None)
    if "parent" in names:
        facts["parent"] = parent_facts(uow, case)
    if "draw" in names:
        facts["draw"] = _draw(uow, case)
    return facts


def people_facts(uow: UnitOfWork, process: Process, case: Case, actor: Actor | None = None) -> dict[str, Any]:
    """Return ``people``: the register rows of everybody in a party of the case, and of who acts for one."""
    ids = sorted({person for people in case.parties.values() for person in people})
    if actor is not None and actor.principals:
        ids = sorted({*ids, actor.id})
    if not ids or not process.workflow.parties:
        return {"people": {}}
    return {"people": person_rows(uow, ids)}


def person_rows(uow: UnitOfWork, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the register rows of people by id; unknown ids are left out."""
    rows: dict[str, dict[str, Any]] = {}
    for kind in ("inspectors", "people", "experts"):
        missing = [person for person in ids if person not in rows]
        if not missing:
            break
        # What is kept of people (`Directory`) leaves the experts out.
        asked = uow.transaction.registers.some if kind == "experts" else uow.people.entries
        rows.update({e.id: _person(e) for e in asked(kind, missing).values()})
    return rows


def _person(entry: RegisterEntry) -> dict[str, Any]:
    return {**entry.data, "id": entry.id, "name": entry.name, "section": entry.section}


def _registers(uow: UnitOfWork, section: str | None, today: str) -> Mapping[str, Any]:
    """Return the numbers of each register, and which items can be inspected today.

    ``own`` and ``unlabelled`` are of the section of the case, ``unclaimed`` of none.
    """
    summary = uow.transaction.registers.summary()
    ends = uow.transaction.events.newest([f"register:{kind}" for kind in REGISTERS])
    out = {}
    for kind, end in zip(REGISTERS, ends, strict=True):
        rows, updated = summary.get(kind, (0, None))
        counted = _counted(uow, kind, (end, rows, updated))
        out[kind] = {
            "rows": rows,
            "active": counted.active,
            "own": counted.active if section is None else counted.own[section],
            "unlabelled": counted.unlabelled.total() if section is None else counted.unlabelled[section],
            "unclaimed": counted.unclaimed,
            "updated_on": updated.date().isoformat() if updated else None,
            "age_days": (uow.now - updated).days if updated else None,
            "in_force": [entry.id for entry in counted.items if not item_lacks(entry, today)],
        }
    return out


@dataclass(frozen=True, slots=True)
class _Counted:
    """What was counted in a register, and up to which entry of its history."""

    end: tuple[Any, ...]
    active: int
    #: Section -> how many are active, and how many of these without a label.
    own: Counter[str | None]
    unlabelled: Counter[str | None]
    unclaimed: int
    #: Items that are active; of other registers none.
    items: tuple[RegisterEntry, ...]


#: Of each store what was counted last, by register: a register of forty thousand is not counted at every step.
_COUNTED: WeakKeyDictionary[Any, dict[str, _Counted]] = WeakKeyDictionary()


def _counted(uow: UnitOfWork, kind: str, end: tuple[Any, ...]) -> _Counted:
    """Return what is counted in a register; counted anew where its history went on, or this transaction writes registers."""
    known = _COUNTED.setdefault(uow.services.store, {})
    found = known.get(kind)
    if found is not None and found.end == end and not uow.transaction.touched:
        return found
    entries = list(uow.transaction.registers.all(kind))
    active = [entry for entry in entries if in_office(entry)]
    found = _Counted(
        end,
        len(active),
        Counter(entry.section for entry in active),
        Counter(entry.section for entry in active if not entry.data.get("labels")),
        sum(1 for entry in entries if not entry.section),
        tuple(active) if kind == "items" else (),
    )
    # What this transaction has written may be undone.
    if not uow.transaction.touched:
        known[kind] = found
    return found


def item_lacks(item: RegisterEntry, today: str) -> list[Message]:
    """Return why an item of the register cannot be inspected on a day; nothing where it can."""
    data, found = item.data, []
    if not in_office(item):
        found.append(say("已停用或尚未生效"))
    if (first := data.get("valid_from")) and str(first) > today:
        found.append(say("{day} 起才生效", day=str(first)))
    if (last := data.get("valid_to")) and str(last) < today:
        found.append(say("{day} 以后已失效", day=str(last)))
    if not data.get("basis"):
        found.append(say("没有检查依据"))
    if not data.get("form"):
        found.append(say("没有检查表"))
    return found


def _draw(uow: UnitOfWork, case: Case) -> Mapping[str, Any]:
    row = uow.transaction.records.draw(case.id)
    if row is None:
        return DrawFacts().values()
    drawn, complete = row.status in ("objects_drawn", "complete"), row.status == "complete"
    return DrawFacts(
        no=row.number,
        committed=row.status not in ("void", "lapsed"),
        drawn=drawn,
        complete=complete,
        objects=row.record.get("drawn", 0),
        inspectors=tuple(drawn_inspectors(row)) if complete else (),
        embargoed=row.record.get("embargoed", False),
        revealed=row.record.get("revealed", drawn),
        spoiled=row.record.get("spoiled", False),
        lapsed=row.status == "lapsed",
    ).values()
