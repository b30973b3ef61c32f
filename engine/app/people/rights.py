"""What rights the registers give to whom, and what a change of them gives, takes and moves.

Whatever is read of somebody's entries to decide what they may do is a right here: that they work here, their section, their
roles, being an inspector, who their superior is, and whom they are recused from. Whoever reads more adds it here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.app.people.administrators import named_administrators
from engine.app.people.directory import INSPECTOR, KINDS, actor_of, in_office
from engine.app.people.recusals import OBJECTS
from engine.app.people.superiors import superior_in
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.value import value

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction

#: The registers that say whom somebody is recused from; each says it for good, whether they work here now or not.
RECUSING = (*KINDS, "experts")
#: Somebody works here: staff may read, claim, be delegated to.
STAFF = "staff"
#: Somebody may act on what they might not act on before.
LOST = "-recusals"
#: Fewer administrators than this leave nobody who could agree to what one of them asks for.
ENOUGH = 2


@value
class Rights:
    """What the entries of one person give, and what they keep from them."""

    #: ``staff``, ``role:<code>``, ``section:<code>``.
    held: frozenset[str] = frozenset()
    #: Whose task it is where a superior is asked for.
    superior: str | None = None
    #: The objects they may not act on. They are private: no sentence and no summary names them.
    recused: frozenset[str] = frozenset()


@value
class RightsChange:
    """What a change of a register does to the rights of people."""

    #: person -> what they have more, or what passes from one to another: ``+role:reviewer``, ``superior:head``, ``-recusals``.
    given: Mapping[str, tuple[str, ...]]
    #: person -> what they have no more: ``-role:reviewer``.
    taken: Mapping[str, tuple[str, ...]]

    def of(self, person: str) -> tuple[str, ...]:
        """Return everything that changes for `person`."""
        return (*self.given.get(person, ()), *self.taken.get(person, ()))

    @property
    def people(self) -> list[str]:
        """Return everybody whose rights change, in order."""
        return sorted({*self.given, *self.taken})


def rights_of(person: str, entries: Sequence[RegisterEntry]) -> Rights:
    """Return what the entries of a person in the registers of people and inspectors give, and whom they are recused from."""
    superior = superior_in(entries)
    # Who is away is recused all the same: they come back.
    recused = frozenset(str(one) for entry in entries for one in entry.data.get("recusals") or ())
    here = [entry for entry in entries if in_office(entry)]
    if not here:
        # Who has left is passed over, and their superior takes their place.
        return Rights(superior=superior, recused=recused)
    actor = actor_of(person, here)
    held = {STAFF, *(f"role:{role}" for role in actor.roles)}
    if actor.section:
        held.add(f"section:{actor.section}")
    return Rights(frozenset(held), superior, recused)


def rights_changed(
    transaction: Transaction, kind: str, put: Sequence[RegisterEntry], remove: Sequence[str]
) -> RightsChange:
    """Return what putting and removing entries of the register `kind` does to rights. Changes nothing."""
    given: dict[str, tuple[str, ...]] = {}
    taken: dict[str, tuple[str, ...]] = {}
    if kind == OBJECTS:
        return RightsChange(dict.fromkeys(_whose_recusals_end(transaction, put, remove), (LOST,)), taken)
    if kind not in RECUSING:
        return RightsChange(given, taken)
    if kind not in KINDS:
        # An expert's entry gives no right to act: of it only the recusals keep anything from anybody.
        known = transaction.registers.some(kind, [*(entry.id for entry in put), *remove])
        fresh = {entry.id: rights_of(entry.id, [entry]).recused for entry in put}
        return RightsChange(
            {
                one: (LOST,)
                for one, entry in sorted(known.items())
                if rights_of(one, [entry]).recused - fresh.get(one, frozenset())
            },
            taken,
        )
    before, after = _entries(transaction, kind, put, remove)
    gone = []
    for person in after:
        old, new = rights_of(person, before[person]), rights_of(person, after[person])
        more, less = _differences(old, new)
        if more:
            given[person] = more
        if less:
            taken[person] = less
        if STAFF in old.held - new.held:
            gone.append(person)
    for person in _leading(transaction, gone):
        given[person] = (*given.get(person, ()), "-superior")
    return RightsChange(given, taken)


def needs_two(transaction: Transaction, change: RightsChange) -> bool:
    """Tell whether two have to agree to a change of rights.

    They have where somebody gets more, where a role is taken, and where an administrator loses anything. That an inspector
    is on leave, or has left, is entered by one.
    """
    if change.given:
        return True
    administrators = named_administrators(transaction)
    return any(
        person in administrators
        or any(one.startswith("-role:") and one != f"-role:{INSPECTOR}" for one in lost)
        for person, lost in change.taken.items()
    )


def why_too_few_administrators(
    transaction: Transaction, kind: str, put: Sequence[RegisterEntry], remove: Sequence[str]
) -> RefusalReason | None:
    """Return why entries may not be changed so: of the administrators who work here fewer than two would be left."""
    named = named_administrators(transaction)
    if kind not in KINDS or not named:
        return None
    touched = {*(entry.id for entry in put), *remove}
    if touched.isdisjoint(named):
        return None
    _, after = _entries(transaction, kind, put, remove)
    held = {one: _stored(transaction, one) for one in named}
    were = [one for one in named if any(map(in_office, held[one]))]
    stay = [one for one in named if any(map(in_office, after.get(one, held[one])))]
    if len(were) < ENOUGH or len(stay) >= ENOUGH:
        return None
    message = say(
        "这样一来在岗的管理员不足 {least} 人：{people}不再在岗；请先改定管理员，再改动名录",
        least=ENOUGH,
        people=[one for one in were if one not in stay],
    )
    return RefusalReason("administrators", message, next=NextAction("list_people"))


def _differences(old: Rights, new: Rights) -> tuple[tuple[str, ...], tuple[str, ...]]:
    more = [f"+{one}" for one in sorted(new.held - old.held)]
    less = [f"-{one}" for one in sorted(old.held - new.held)]
    if old.superior != new.superior:
        # Whoever was it loses what the other gets.
        more.append(f"superior:{new.superior or '-'}")
    if old.recused - new.recused:
        more.append(LOST)
    return tuple(more), tuple(less)


def _whose_recusals_end(
    transaction: Transaction, put: Sequence[RegisterEntry], remove: Sequence[str]
) -> list[str]:
    """Return who is recused from a firm by a code it had before, which the register would not have with any firm any more."""
    known = transaction.registers.some(OBJECTS, [*(entry.id for entry in put), *remove])
    before = {code for entry in known.values() for code in entry.codes[1:]}
    lost = before.difference(*(entry.codes for entry in put))
    if not lost:
        return []
    return sorted(
        {
            entry.id
            for kind in RECUSING
            for entry in transaction.registers.all(kind)
            if not lost.isdisjoint(entry.data.get("recusals") or ())
        }
    )


def _entries(
    transaction: Transaction, kind: str, put: Sequence[RegisterEntry], remove: Sequence[str]
) -> tuple[dict[str, list[RegisterEntry]], dict[str, list[RegisterEntry]]]:
    """Return the entries of everybody who is touched, as they are and as they would be; the register of people first."""
    ids = list(dict.fromkeys([*(entry.id for entry in put), *remove]))
    fresh = {entry.id: entry for entry in put}
    before: dict[str, list[RegisterEntry]] = {one: [] for one in ids}
    after: dict[str, list[RegisterEntry]] = {one: [] for one in ids}
    for each in KINDS:
        known = transaction.registers.some(each, ids)
        for one in ids:
            if one in known:
                before[one].append(known[one])
            entry = fresh.get(one) if each == kind else known.get(one)
            if entry is not None:
                after[one].append(entry)
    return before, after


def _stored(transaction: Transaction, person: str) -> list[RegisterEntry]:
    return [entry for kind in KINDS if (entry := transaction.registers.get(kind, person))]


def _leading(transaction: Transaction, people: Sequence[str]) -> list[str]:
    """Return which of `people` are somebody's superior: when they leave, it passes to theirs."""
    if not people:
        return []
    named = {
        str(entry.data["superior"])
        for kind in KINDS
        for entry in transaction.registers.all(kind)
        if entry.data.get("superior")
    }
    return [one for one in people if one in named]
