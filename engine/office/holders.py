"""Who holds what: the keys tasks are listed under, the people behind roles and parties, the actor of a command.

A task stands under one row per holder key: ``p:<person>`` for a person, ``r:<role>`` for a role of the whole
bureau, ``r:<role>@<section>`` for a role in one section. Whoever asks for their tasks asks for their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from engine.lifecycle.command import Actor

if TYPE_CHECKING:
    # Listing somebody's tasks asks this module who they are; it must not load everything a case can do.
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process
    from engine.office.ports import Unit
    from engine.office.rows import Entry

#: The key of a task nobody holds: a party without members. Listed to the leading office by `ssj task list --all`.
NOBODY = "nobody"
#: The role every active entry of the inspectors register has.
INSPECTOR = "inspector"
#: The registers that know people, the one that says more about them first.
KINDS = ("people", "inspectors")


def in_office(entry: Entry) -> bool:
    """Tell whether an entry of a register is of somebody who still works here."""
    return entry.data.get("status") in (None, "active")


def actor_of(person: str, entries: Iterable[Entry]) -> Actor:
    """Return the actor made of a person's entries in the registers of people and inspectors."""
    section, roles, name = None, set[str](), ""
    for entry in entries:
        if not in_office(entry):
            continue
        section = section or entry.section
        name = name or entry.name
        roles.update(entry.data.get("roles") or ())
        if entry.kind == "inspectors":
            roles.add(INSPECTOR)
    return Actor(person, section, frozenset(roles), name)


def actor_keys(actor: Actor) -> list[str]:
    """Return every key under which `actor` holds tasks."""
    keys = [f"p:{actor.id}"]
    for role in sorted(actor.roles):
        keys.append(f"r:{role}")
        if actor.section:
            keys.append(f"r:{role}@{actor.section}")
    return keys


def task_keys(process: Process, case: Case) -> list[str]:
    """Return the keys the present task of `case` stands under; none where the state is nobody's task."""
    audience = process.state(case.state).audience
    if not audience:
        return []
    keys = [f"p:{case.assignee}"] if case.assignee else []
    for name in audience:
        if name in process.workflow.parties:
            keys += [f"p:{person}" for person in case.parties.get(name, ())]
        else:
            keys.append(role_key(process, name, case.section))
    return list(dict.fromkeys(keys)) or [NOBODY]


def task_holders(process: Process, case: Case) -> dict[str, str | None]:
    """Return key -> assignee for every row the present task of `case` stands under.

    Whoever is asked to sign, or to approve, has the task in their own list whoever has claimed it.
    """
    holders: dict[str, str | None] = dict.fromkeys(task_keys(process, case), case.assignee)
    signed = any(found[0].sign for found in process.manual_steps(case.state).values())
    if not signed and not case.asked:
        return holders
    wanted: list[str] = []
    if signed:
        from engine.lifecycle.signing import waiting_for

        wanted += waiting_for(process, case)
        if wanted and all(found[0].sign for found in process.manual_steps(case.state).values()):
            holders = {}
    for verb in case.asked:
        approve = process.state(case.state).verbs[verb].approve
        for name in approve:
            wanted += (
                [f"p:{p}" for p in case.parties.get(name, ())] if name in process.workflow.parties else [name]
            )
    for name in wanted:
        holders[name if name.startswith("p:") else role_key(process, name, case.section)] = None
    return holders or {NOBODY: None}


def role_key(process: Process, role: str, section: str | None) -> str:
    """Return the key of a role for a case of `section`."""
    known = process.bureau.roles.get(role)
    return f"r:{role}@{section}" if known and known.by_section and section else f"r:{role}"


class Directory:
    """The people of the bureau as they are in one unit, fetched once when first asked for.

    Who holds a role is asked of the store: few hold one, and a province has ten thousand inspectors to read past.
    """

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._by_role: dict[str, list[Actor]] = {}

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        entries: dict[str, list[Entry]] = {}
        for kind in KINDS:
            for entry in self._unit.registers.all(kind):
                entries.setdefault(entry.id, []).append(entry)
        return {person: actor_of(person, found) for person, found in entries.items()}

    def all(self) -> dict[str, Actor]:
        """Return everybody by id."""
        return self._actors

    def holders(self, role: str, section: str | None) -> list[str]:
        """Return the ids of those who hold `role` (in `section`, when given), in order."""
        return sorted(
            actor.id
            for actor in self._with(role)
            if role in actor.roles and (section is None or actor.section == section)
        )

    def _with(self, role: str) -> Iterable[Actor]:
        """Return at least everybody who holds `role`."""
        if role == INSPECTOR or "_actors" in self.__dict__:
            return self._actors.values()
        if role not in self._by_role:
            registers = self._unit.registers
            ids = sorted({one for kind in KINDS for one in registers.mentioning(kind, role)})
            found = [registers.some(kind, ids) for kind in KINDS]
            self._by_role[role] = [
                actor_of(person, [entries[person] for entries in found if person in entries])
                for person in ids
            ]
        return self._by_role[role]

    def recipients(self, process: Process, case: Case, audience: str) -> Sequence[str]:
        """Return the people a message to `audience` (a party, a role, ``p:<person>``) goes to for this case."""
        if audience.startswith("p:"):
            return (audience[2:],)
        if audience in process.workflow.parties:
            return case.parties.get(audience, ())
        role = process.bureau.roles.get(audience)
        return self.holders(audience, case.section if role and role.by_section else None)


def find_actor(unit: Unit, person: str) -> Actor | None:
    """Return the actor with this id, or None when no register knows them."""
    entries = _entries(unit, person)
    return actor_of(person, entries) if entries else None


def is_active(unit: Unit, person: str) -> bool:
    """Tell whether some register knows `person` as working here."""
    return any(in_office(entry) for entry in _entries(unit, person))


def _entries(unit: Unit, person: str) -> list[Entry]:
    return [e for kind in ("people", "inspectors") if (e := unit.registers.get(kind, person))]
