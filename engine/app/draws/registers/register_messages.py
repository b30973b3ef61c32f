"""Changes of registers around a commitment are kept with it and written to whoever acts in the draw; what is changed back is an incident."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import reduce
from typing import TYPE_CHECKING, Any

from engine.app.daemons.register_alarm import RegisterAlarm, raise_register_alarm
from engine.app.draws.registers.register_agreement import unagreed_commitment
from engine.app.draws.registers.register_changes import (
    EligibilityChange,
    changed_back,
    changes_before,
    commitment_entered,
    counted,
    heads_of_registers,
    limits,
    registers_of,
    sentence_back,
    sentence_before,
)
from engine.app.draws.registers.register_roster import (
    STREAM,
    commitments,
    differing_roster,
    made_up_commitments,
    name_of,
)
from engine.app.draws.v2.cases import differing_cases
from engine.app.history.retry import retry_on_conflict
from engine.app.people.administrators import named_administrators
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.instants import to_text
from engine.language import Message, say
from engine.lifecycle.chain import canonical
from engine.value import value

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.app.session.effect_context import EffectContext
    from engine.draw.roster import ObjectRow
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event

#: The effects of the steps whose people are written to: they commit, type, draw, strike and void.
_OF_DRAWS = frozenset({"commit", "enter", "draw", "remove", "void"})


def note_changes(context: EffectContext, roster: Sequence[ObjectRow]) -> dict[str, Any]:
    """Return what a commitment keeps of its registers: how far their histories went, and how many changed by what before it.

    Where anything did, whoever acts in the draw, the administrators, and who commits are written to, with the first firms by name. `roster` are the
    objects of the draw.
    """
    uow = context.uow
    found = changes_before(uow.transaction, uow.now)
    kept: dict[str, Any] = {"registers": heads_of_registers(uow.transaction)}
    if (text := sentence_before(found, uow.services.definitions.time.zone, roster)) is None:
        return kept
    uow.warnings.append(text)

    def tell(case: Case) -> None:
        uow.tell(case, people_of_draw(uow, case), text, "audit", urgent=True, personal=True)

    # Of a kind that nobody can do without.
    context.afterwards.append(tell)
    return {**kept, "register_changes": counted(found)}


def people_of_draw(uow: UnitOfWork, case: Case) -> list[str]:
    """Return whoever may act in the draw of a case, and the administrators."""
    process = uow.process(case)
    steps = [
        step for step in process.workflow.transitions if any(effect.kind in _OF_DRAWS for effect in step.then)
    ]
    places = {state for step in steps for state in (*step.sources, step.target) if state is not None}
    roles = [role for step in steps for role in step.by]
    roles += [role for state in sorted(places) for role in process.state(state).audience]
    found = [person for role in dict.fromkeys(roles) for person in uow.people.recipients(process, case, role)]
    return list(dict.fromkeys([*found, *named_administrators(uow.transaction)]))


def changed_back_of(transaction: Transaction, row: DrawRow) -> list[EligibilityChange]:
    """Return what was changed before the commitment of a draw and changed back after it."""
    entered = commitment_entered(transaction, row.case, row.number)
    return [] if entered is None else changed_back(transaction, entered.at, registers_of(entered))


def tell_of_changed_back(services: Services, receivers: Callable[[Transaction], Iterable[str]]) -> int:
    """Raise an incident for every draw of the last days around whose commitment firms were changed and changed back.

    Return how many draws that are. `receivers` deal with incidents; they, the administrators and whoever acts in the draw are written to.
    """

    now = services.clock.now()
    # Draws are made again where nobody waits for it: what is found is written afterwards.
    with services.store.read() as transaction:
        around = list(_around(services, transaction, now))
        made_up = made_up_commitments(transaction)
    if not around and not made_up:
        return 0

    def transact() -> int:
        raised = 0
        with services.store.write() as transaction:
            uow = UnitOfWork(services, transaction, now)
            for one in around:
                if (case := uow.case(one.row.case)) is None:
                    continue
                found = one.changed_back
                back = sentence_back(case, found, uow.services.definitions.time.zone) if found else None
                parts = [part for part in [back, *one.differing] if part is not None]
                text = str(reduce(lambda first, other: say("{one}；{other}", one=first, other=other), parts))
                whole = [[each.firm, list(each.what), each.by, to_text(each.at)] for each in found]
                said = [case.id, one.row.number, whole, *([text] if one.differing else [])]
                digest = hashlib.sha256(canonical(said).encode()).hexdigest()
                alarm = RegisterAlarm(case.id, one.row.number, now, len(found), text)
                people = dict.fromkeys([*people_of_draw(uow, case), *receivers(transaction)])
                raised += raise_register_alarm(transaction, alarm, digest, people)
            for name in made_up:
                case_id, _, number = name.rpartition("/")
                text = str(_made_up(name))
                digest = hashlib.sha256(canonical([STREAM, name]).encode()).hexdigest()
                alarm = RegisterAlarm(case_id, int(number) if number.isdecimal() else 0, now, 1, text)
                people = dict.fromkeys([*named_administrators(transaction), *receivers(transaction)])
                raised += raise_register_alarm(transaction, alarm, digest, people)
        return raised

    return retry_on_conflict(transact)


def differing_draws(
    services: Services, transaction: Transaction, now: datetime
) -> Iterator[tuple[Event, Message]]:
    """Yield in what draws of the last days are not as the histories say, each with the entry of its commitment, or the last of its case; commitments that no case has, too."""
    for one in _around(services, transaction, now):
        entered = one.entered or transaction.events.last(one.row.case)
        if entered is not None:
            yield from ((entered, what) for what in one.differing)
    for event in commitments(transaction)[1]:
        yield event, _made_up(name_of(event))


def _made_up(name: str) -> Message:
    return say("历史“{stream}”里的承诺“{name}”没有案件做过：不是本程序写入的", stream=STREAM, name=name)


@value
class _Found:
    """What was found of one draw."""

    row: DrawRow
    #: The entry of its commitment; None where it rests on no register.
    entered: Event | None
    changed_back: list[EligibilityChange]
    #: In what it is not as the histories say.
    differing: list[Message]


def _around(services: Services, transaction: Transaction, now: datetime) -> Iterator[_Found]:
    """Yield the draws that are not void and whose commitment is not too long ago, with what was changed back since, and in what they are not as the histories say."""
    longest = timedelta(days=limits()["after_days"])
    entries, _ = commitments(transaction)
    for row in transaction.records.draws():
        # A draw is made after its commitment: where it is too long ago, so is that.
        if not row.public or row.status == "void" or now - row.made_at > longest:
            continue
        entered = commitment_entered(transaction, row.case, row.number)
        found: list[EligibilityChange] = []
        differing: list[Message | None] = []
        if entered is not None and now - entered.at <= longest:
            found = changed_back(transaction, entered.at, registers_of(entered))
            differing = [
                differing_roster(services, transaction, row, entered),
                unagreed_commitment(transaction, row, entries),
            ]
        differing.append(differing_cases(UnitOfWork(services, transaction, now), row))
        said = [one for one in differing if one is not None]
        if found or said:
            yield _Found(row=row, entered=entered, changed_back=found, differing=said)
