"""Who holds what: the keys tasks are listed under, the people behind roles and parties, the actor of a command.

A task has one row per holder key: ``p:<person>`` for a person, ``r:<role>`` for a role of the whole
bureau, ``r:<role>@<section>`` for a role in one section. Whoever asks for their tasks asks for their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from engine.app.people.directory_cache import CachedDirectory, DirectoryCache
from engine.app.people.message_preferences import Preferences, preferences_in
from engine.lifecycle.command import Actor

if TYPE_CHECKING:
    # Listing somebody's tasks asks this module who they are; it must not load everything a case can do.
    from engine.app.ports.records import Delegation, RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.process import Process

#: The key of a task nobody holds: a party without members. Listed to the leading office by `ssj task list --all`.
UNASSIGNED = "nobody"
#: The role every active entry of the inspectors register has.
INSPECTOR = "inspector"
#: The registers that know people, the one that says more about them first.
KINDS = ("people", "inspectors")


def in_office(entry: RegisterEntry) -> bool:
    """Tell whether an entry of a register is of somebody who still works here."""
    return entry.data.get("status") in (None, "active")


def actor_of(person: str, entries: Iterable[RegisterEntry]) -> Actor:
    """Return the actor made of a person's entries in the registers of people and inspectors."""
    section, roles, name = None, set[str](), ""
    for entry in entries:
        if not in_office(entry):
            continue
        section = section or entry.section
        name = name or entry.name
        if entry.kind == "inspectors":
            # A column that an office adds to this register and calls roles gives none: two give roles, in the register of people.
            roles.add(INSPECTOR)
        else:
            roles.update(entry.data.get("roles") or ())
    return Actor(person, section, frozenset(roles), name)


def actor_keys(actor: Actor) -> list[str]:
    """Return every key under which `actor` holds tasks."""
    keys = [f"p:{actor.id}"]
    for role in sorted(actor.roles):
        keys.append(f"r:{role}")
        if actor.section:
            keys.append(f"r:{role}@{actor.section}")
    return keys


def candidate_keys(process: Process, case: Case) -> list[str]:
    """Return the candidate keys of the present task of `case`; none where the state is nobody's task."""
    audience = _of_open_branches(process, case) if process.branches else process.state(case.state).audience
    if not audience:
        return []
    own = _assignee(process, case) if process.branches else case.assignee
    keys = [f"p:{own}"] if own else []
    for name in audience:
        if name in process.workflow.parties:
            keys += [f"p:{person}" for person in case.parties.get(name, ())]
        else:
            keys.append(role_key(process, name, case.section))
    return list(dict.fromkeys(keys)) or [UNASSIGNED]


def _assignee(process: Process, case: Case) -> str | None:
    """Return who has the whole task; of tasks side by side nobody has."""
    return None if process.branches_of(case.state) else case.assignee


def _of_open_branches(process: Process, case: Case) -> Iterable[str]:
    """Return whom the present task is for; of tasks side by side, whoever has not answered, then whoever may go on."""
    if not process.branches_of(case.state):
        return process.state(case.state).audience
    from engine.lifecycle.forms.branches import open_branches, other_steps

    left = open_branches(process, case) or other_steps(process, case)
    return dict.fromkeys(name for step in left for name in step.by or process.state(case.state).audience)


def candidates(process: Process, case: Case) -> dict[str, str | None]:
    """Return key -> assignee for every row of the present task of `case`.

    Whoever is asked to sign, or to approve, has the task in their own list whoever has claimed it.
    """
    holders: dict[str, str | None] = dict.fromkeys(
        candidate_keys(process, case), _assignee(process, case) if process.branches else case.assignee
    )
    signed = case.state in process.signed
    if not signed and not case.asked:
        return holders
    wanted: list[str] = []
    if signed:
        from engine.lifecycle.signers import waiting_for

        wanted += waiting_for(process, case)
        signs = [found[0].sign for found in process.manual_steps(case.state).values()]
        # Where one signs after the other, the task is that of who comes next.
        if wanted and (all(signs) or any(sign.in_order for sign in signs if sign)):
            holders = {}
    for verb, words in case.asked.items():
        if verb == "ask":
            wanted.append(f"p:{words['to']}")
            continue
        approve = process.state(case.state).verbs[verb].approve
        for name in approve:
            wanted += (
                [f"p:{p}" for p in case.parties.get(name, ())] if name in process.workflow.parties else [name]
            )
    for name in wanted:
        holders[name if name.startswith("p:") else role_key(process, name, case.section)] = None
    return holders or {UNASSIGNED: None}


def role_key(process: Process, role: str, section: str | None) -> str:
    """Return the key of a role for a case of `section`."""
    known = process.bureau.roles.get(role)
    return f"r:{role}@{section}" if known and known.by_section and section else f"r:{role}"


class Directory:
    """The people of the bureau as they are in one transaction, fetched once when first asked for.

    Who holds a role is asked of the store: few hold one, and a province has ten thousand inspectors to read past. With
    `known`, what another transaction has read before is not asked again.
    """

    def __init__(self, transaction: Transaction, known: DirectoryCache | None = None) -> None:
        self._transaction = transaction
        self._known = known
        self._shared: CachedDirectory | None = None
        self._own: CachedDirectory | None = None

    def _page(self) -> CachedDirectory:
        """Return what is known of people. Whoever asks looks first whether it is at hand: without a call, in every step."""
        if self._known is None or self._transaction.touched:
            if self._own is None:
                self._own = CachedDirectory()
            return self._own
        if self._shared is None:
            self._shared = self._known.page(self._transaction)
        return self._shared

    def all(self) -> dict[str, Actor]:
        """Return everybody by id."""
        page = (not self._transaction.touched and self._shared) or self._page()
        if page.everybody is None:
            entries: dict[str, list[RegisterEntry]] = {}
            for kind in KINDS:
                for entry in self._transaction.registers.all(kind):
                    entries.setdefault(entry.id, []).append(entry)
            page.everybody = {person: actor_of(person, found) for person, found in entries.items()}
        return page.everybody

    def entries(self, kind: str, ids: Iterable[str]) -> dict[str, RegisterEntry]:
        """Return entries of the register of people or of inspectors by id; unknown ids are left out."""
        page = (not self._transaction.touched and self._shared) or self._page()
        missing = [one for one in ids if (kind, one) not in page.entries]
        fresh = self._transaction.registers.some(kind, missing) if missing else {}
        for one in missing:
            page.know(kind, one, fresh.get(one))
        found: dict[str, RegisterEntry] = {}
        for one in ids:
            entry = page.entries.get((kind, one)) or fresh.get(one)
            if entry is not None:
                found[one] = entry
        return found

    def actor(self, person: str) -> Actor | None:
        """Return the actor with this id, or None when no register has them."""
        page = (not self._transaction.touched and self._shared) or self._page()
        actor = page.actors.get(person)
        if actor is None:
            found = [e for kind in KINDS if (e := self.entries(kind, (person,)).get(person))]
            actor = actor_of(person, found) if found else None
            if actor is not None:
                page.know_actor(actor)
        return actor

    def is_recused(self, person: str, firm: str) -> bool:
        """Tell whether somebody is recused from a firm, by its code or one it had before, in any register that says so."""
        from engine.app.people.recusals import is_recused

        entries = [found for kind in KINDS if (found := self.entries(kind, (person,)).get(person))]
        recusals = {str(one) for entry in entries for one in entry.data.get("recusals") or ()}
        return is_recused(self._transaction, recusals, firm)

    def delegations(self) -> list[Delegation]:
        """Return every delegation ever made, oldest first."""
        page = (not self._transaction.touched and self._shared) or self._page()
        if page.delegations is None:
            page.delegations = self._transaction.delegations.all()
        return page.delegations

    def preferences(self) -> Preferences:
        """Return which messages everybody wants, as far as they have chosen."""
        page = (not self._transaction.touched and self._shared) or self._page()
        if page.preferences is None:
            page.preferences = preferences_in(self._transaction)
        return page.preferences

    def behind(self, key: str) -> Sequence[str]:
        """Return the people who hold a task by a key: the person, or the holders of the role."""
        kind, _, rest = key.partition(":")
        if kind == "p":
            return (rest,)
        role, _, section = rest.partition("@")
        return self.holders(role, section or None) if kind == "r" else ()

    def holders(self, role: str, section: str | None) -> list[str]:
        """Return the ids of those who hold `role` (in `section`, when given), in order."""
        page = (not self._transaction.touched and self._shared) or self._page()
        held = page.holders.get((role, section))
        if held is None:
            held = page.holders[role, section] = sorted(
                actor.id
                for actor in self._with(role)
                if role in actor.roles and (section is None or actor.section == section)
            )
        return list(held)

    def _with(self, role: str) -> Iterable[Actor]:
        """Return at least everybody who holds `role`."""
        page = (not self._transaction.touched and self._shared) or self._page()
        if page.everybody is not None:
            return page.everybody.values()
        if role == INSPECTOR:
            return self.all().values()
        if role not in page.by_role:
            registers = self._transaction.registers
            ids = sorted({one for kind in KINDS for one in registers.with_role(kind, role)})
            found = [registers.some(kind, ids) for kind in KINDS]
            page.by_role[role] = [
                actor_of(person, [entries[person] for entries in found if person in entries])
                for person in ids
            ]
        return page.by_role[role]

    def recipients(self, process: Process, case: Case, audience: str) -> Sequence[str]:
        """Return the people a message to `audience` (a party, a role, ``p:<person>``) goes to for this case."""
        if audience.startswith("p:"):
            return (audience[2:],)
        if audience in process.workflow.parties:
            return case.parties.get(audience, ())
        role = process.bureau.roles.get(audience)
        return self.holders(audience, case.section if role and role.by_section else None)


def find_actor(transaction: Transaction, person: str) -> Actor | None:
    """Return the actor with this id, or None when no register has them."""
    entries = _entries(transaction, person)
    return actor_of(person, entries) if entries else None


def is_active(transaction: Transaction, person: str) -> bool:
    """Tell whether some register has `person` as working here."""
    return any(in_office(entry) for entry in _entries(transaction, person))


def _entries(transaction: Transaction, person: str) -> list[RegisterEntry]:
    return [e for kind in ("people", "inspectors") if (e := transaction.registers.get(kind, person))]
