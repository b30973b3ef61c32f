"""What decides who can be drawn is agreed to by a second person before a commitment.

Agreed to is what differs from the last commitment of any draw, as far as one and the same people have entered it, by an
administrator who is none of them and does not commit. It is asked for when a case comes to the step that commits, when
the registers change while one is there, and where the step was refused for it. Where there is no second administrator the commitment is marked (单人办理).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any

from engine.app.access.proposals import (
    CONFIRMED,
    DETAILS,
    EXCEPT,
    OPEN,
    REJECTED,
    WAITING,
    SecondPerson,
    agreement_to,
    as_read,
    ask_for_agreement,
    done_by_one,
    is_about,
    take_up,
    withdraw_others,
)
from engine.app.definitions.derived_settings import COMMITTING
from engine.app.draws.plan import of_cases
from engine.app.draws.registers.register_changes import (
    CERTIFICATE,
    CLASS,
    LISTED,
    ON_DUTY,
    RECUSALS,
    STATUS,
    VISIT,
    EnteredDifference,
    count_names,
    entered_since,
    heads_of_registers,
    limits,
    numbers_in_words,
    words_of_changes,
)
from engine.app.draws.registers.register_roster import STREAM, last_commitment
from engine.app.history.journal import add_entry
from engine.app.people.administrators import named_administrators, other_administrators
from engine.app.people.directory import find_actor
from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError
from engine.app.session.refused import UNAGREED, CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import ENGINE
from engine.value import value

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.records import DrawRow, Proposal
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.app.session.effect_context import EffectContext
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event

#: What the proposals and the mark of one person are called.
USE_CASE = "draw.registers"
#: Of so many administrators whom a register has there is a second to ask.
ENOUGH = 2
#: Of so many cases that wait in one state whoever commits gets the answer; what is asked is the same for all of them.
MOST_WAITING = 100
#: So many changes are listed for whoever confirms, some of each kind; all are counted, and the digest is over all.
MOST_LISTED = 500


@value
class ChangesOf:
    """What one and the same people have entered since the last commitment."""

    people: tuple[str, ...]
    changes: tuple[EnteredDifference, ...]

    @property
    def digest(self) -> str:
        """Tell these changes from all others."""
        whole = [[one.kind, one.entry, one.what, one.before, one.after, one.by] for one in self.changes]
        return hashlib.sha256(canonical([USE_CASE, whole]).encode()).hexdigest()


@value
class Agreed:
    """How far the histories of the registers went when it was looked who agreed, and who did."""

    heads: Mapping[str, int]
    #: ``proposal`` and ``by`` of each agreement, or the marks of one person.
    by: tuple[Mapping[str, Any], ...]


def changes_to_agree(transaction: Transaction) -> list[ChangesOf]:
    """Return what was entered since the last commitment and decides who can be drawn, by the people who entered it."""
    last = last_commitment(transaction)
    found: dict[tuple[str, ...], list[EnteredDifference]] = {}
    for one in entered_since(transaction, last.body["registers"] if last is not None else {}):
        found.setdefault(one.by, []).append(one)
    return [ChangesOf(people, tuple(changes)) for people, changes in sorted(found.items())]


def ask_ahead(uow: UnitOfWork, *cases: Case) -> None:
    """Ask for agreement to the changes of registers that wait for it, where one of `cases` can be committed from its registers."""
    waiting = [person for case in cases for person in _who_commits(uow, case)]
    if not waiting:
        return
    transaction, now, entropy = uow.transaction, uow.now, uow.services.entropy
    changes = changes_to_agree(transaction)
    wanted = [
        (one, _second(uow, one, waiting), people) for one in changes if (people := _who_can(transaction, one))
    ]
    withdraw_others(
        transaction, now, USE_CASE, [one.digest for one, _, _ in wanted], [one.digest for one in changes]
    )
    for one, second, people in wanted:
        ask_for_agreement(transaction, now, USE_CASE, one.digest, second, people, entropy)


def ask_again(services: Services, transaction: Transaction, now: datetime) -> None:
    """Ask for agreement to what has just been changed in the registers, where cases are there to be committed from them.

    Whoever commits then types nothing that is refused first.
    """
    waiting = [
        case
        for flow, state in transaction.settings.get(COMMITTING) or ()
        for case in transaction.cases.find(
            CaseFilter(workflow=flow, state=state, open=True), limit=MOST_WAITING
        )
    ]
    if waiting:
        ask_ahead(UnitOfWork(services, transaction, now), *waiting)


def _who_commits(uow: UnitOfWork, case: Case) -> list[str]:
    """Return who can commit a case from its registers in the state it is in."""
    process = uow.process(case)
    steps = [
        step
        for found in process.manual_steps(case.state).values()
        for step in found
        if any(effect.kind == "commit" and not of_cases(effect) for effect in step.then)
    ]
    roles = dict.fromkeys(role for step in steps for role in step.by or process.state(case.state).audience)
    return [person for role in roles for person in uow.people.recipients(process, case, role)]


def waits_for_agreement(uow: UnitOfWork) -> Message | None:
    """Return what is said ahead of a commitment whose changes of registers nobody has agreed to yet; None where none wait."""
    waiting = [one for one in changes_to_agree(uow.transaction) if _agreed(uow, one) is None]
    if not waiting:
        return None
    count = sum(len(one.changes) for one in waiting)
    who = sorted({person for one in waiting for person in _who_can(uow.transaction, one)})
    if not who:
        return say("承诺前须由另一人核对同意的名录变动 {count} 处，没有另一位管理员可以核对", count=count)
    return say("承诺前须由另一人核对同意的名录变动 {count} 处，可由{who}确认", count=count, who=who)


def require_agreement(context: EffectContext) -> Agreed:
    """Return who agreed to the changes of registers before a commitment.

    Raises CommandRefused where somebody is to agree first. One person alone is marked.
    """
    uow, actor = context.uow, context.actor.id
    heads = heads_of_registers(uow.transaction)
    kept: list[Mapping[str, Any]] = []
    for one in changes_to_agree(uow.transaction):
        agreed = _agreed(uow, one)
        if (
            agreed is not None
            and agreed.decided_by in _who_can(uow.transaction, one)
            and agreed.decided_by != actor
        ):
            take_up(uow.transaction, uow.now, agreed)
            kept.append({"proposal": agreed.id, "by": agreed.decided_by})
            continue
        who = [person for person in _who_can(uow.transaction, one) if person != actor]
        if who:
            raise _refused(context, _waits(one, who))
        known = [
            person for person in named_administrators(uow.transaction) if find_actor(uow.transaction, person)
        ]
        if len(known) >= ENOUGH:
            raise _refused(context, _nobody(one))
        marks = done_by_one(
            uow.transaction, uow.now, actor, USE_CASE, one.digest, _second(uow, one, ()), uow.services.entropy
        )
        context.marks |= marks
        kept.append(marks)
    return Agreed(heads, tuple(kept))


def enter_commitment(context: EffectContext, agreed: Agreed) -> None:
    """Enter how far the registers went at a commitment, and who agreed: what is there now is agreed to for every later one.

    Raises ConflictError where somebody has entered more meanwhile.
    """
    uow, made = context.uow, context.notes["commitment"]
    if heads_of_registers(uow.transaction) != agreed.heads:
        raise ConflictError(context.case.id)
    if agreed.by:
        made["agreed"] = [dict(one) for one in agreed.by]
    body = {"case": context.case.id, "number": made["number"], "registers": dict(agreed.heads)}
    body |= {"agreed": [dict(one) for one in agreed.by], **context.marks}
    add_entry(uow.transaction, uow.now, "committed", context.actor.id, body, STREAM)


def unagreed_commitment(transaction: Transaction, row: DrawRow, entries: Sequence[Event]) -> Message | None:
    """Return what was entered before the commitment of a draw that, by the histories, nobody else agreed to; None where somebody did.

    Whoever changes a history for the moment of a commitment, and puts it back, is asked for no agreement. `entries` are those of
    all commitments that a case has.
    """
    mine = [
        n for n, one in enumerate(entries) if (one.body["case"], one.body["number"]) == (row.case, row.number)
    ]
    if not mine:
        return None
    entered = entries[mine[0]]
    before = entries[mine[0] - 1].body["registers"] if mine[0] else {}
    agreed = entered.body.get("agreed") or ()
    groups: dict[tuple[str, ...], list[EnteredDifference]] = {}
    for one in entered_since(transaction, before, entered.body["registers"]):
        groups.setdefault(one.by, []).append(one)
    changes = [ChangesOf(people, tuple(found)) for people, found in groups.items()]
    missing = [
        one for one in changes if not any(_covers(transaction, each, one, entered.actor) for each in agreed)
    ]
    if not missing:
        return None
    return say(
        "“{case}”第 {number} 次抽取承诺以前，{people}录入的名录变动有 {count} 处影响谁能被抽到，按名录历史没有另一人核对同意；历史可能在承诺时被用程序以外的办法改过又改回",
        case=row.case,
        number=row.number,
        people=sorted({person for one in missing for person in one.people}),
        count=sum(len(one.changes) for one in missing),
    )


def _covers(transaction: Transaction, agreed: Mapping[str, Any], changes: ChangesOf, actor: str) -> bool:
    """Tell whether an agreement kept with a commitment is one to this very list: a second person's, or the mark of one alone."""
    if "by" not in agreed:
        return True
    if agreed["by"] in (*changes.people, actor):
        return False
    found = [one for one in transaction.proposals.all() if one.id == agreed.get("proposal")]
    return not found or is_about(transaction, found[0], changes.digest)


def _agreed(uow: UnitOfWork, changes: ChangesOf) -> Proposal | None:
    return agreement_to(uow.transaction, uow.now, USE_CASE, changes.digest)


def _who_can(transaction: Transaction, changes: ChangesOf) -> list[str]:
    """Return the administrators who work here and have entered nothing of it."""
    return [one for one in other_administrators(transaction, "") if one not in changes.people]


def _second(uow: UnitOfWork, changes: ChangesOf, waiting: Sequence[str]) -> SecondPerson:
    zone = uow.services.definitions.time.zone
    listed = _listed(changes.changes)
    lines = [str(_line(one)) for one in listed]
    before, asked = _asked_before(uow.transaction, changes)
    fresh = [line for line in lines if line not in asked]
    named, all_listed = limits()["named"], len(listed) == len(changes.changes)
    details = say("逐处见提请，先列：{first}", first=lines[:named])
    if before and fresh:
        # Whoever agreed to that list sees first what it has become since.
        lines = [*fresh, *(line for line in lines if line in asked)]
        details = say(
            "与“{before}”所列不同的 {count} 处：{first}；逐处见提请", before=before, count=len(fresh), first=fresh[:named]
        )  # fmt: skip
    if (refused := _rejected(uow.transaction, changes, lines)) is not None:
        details = say("{person}不同意过同样的清单，理由：{reason}；{details}", person=refused.decided_by, reason=refused.reason or "-", details=details)  # fmt: skip
        lines = [str(say("“{proposal}”：{person}不同意过同样的清单，理由：{reason}", proposal=refused.id, person=refused.decided_by, reason=refused.reason or "-")), *lines]  # fmt: skip
    count = len(changes.changes)
    if not all_listed:
        left = Counter(one.what for one in changes.changes) - Counter(one.what for one in listed)
        rest = say(
            "提请只列出 {count} 处中的 {listed} 处，没有列出的（{left}）请到名录的历史里逐处核对",
            count=count, listed=len(listed), left=numbers_in_words(dict(sorted(left.items()))),
        )  # fmt: skip
        lines = [str(rest), *lines]
        details = say("{details}；{rest}", details=details, rest=rest)
    return SecondPerson(
        say(
            "核对{people}录入的名录变动：上次抽取承诺以后影响谁能被抽到的 {count} 处（{numbers}），截至 {day}",
            people=list(changes.people),
            count=count,
            numbers=numbers_in_words(count_names(one.what for one in changes.changes)),
            day=uow.now.astimezone(zone).date().isoformat(),
        ),
        about="registers",
        summary={EXCEPT: list(changes.people), WAITING: sorted(set(waiting))},
        private={
            DETAILS: str(details),
            "changes": lines,
        },
    )


def _listed(changes: Sequence[EnteredDifference]) -> list[EnteredDifference]:
    """Return the changes that are listed, as they are ordered: of many, as many of each kind as there is room for, so that few of one are not left out for many of another."""
    if len(changes) <= MOST_LISTED:
        return list(changes)
    places: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(changes):
        places.setdefault((one.kind, one.what), []).append(place)
    in_order = chain.from_iterable(zip_longest(*places.values()))
    first = islice((place for place in in_order if place is not None), MOST_LISTED)
    return [changes[place] for place in sorted(first)]


def _asked_before(transaction: Transaction, changes: ChangesOf) -> tuple[str, frozenset[str]]:
    """Return the last list of these people that somebody agreed to, or was to, and no commitment has used: its name and lines."""
    found = [
        one
        for one in transaction.proposals.all()
        if (one.by, one.use_case) == (ENGINE, USE_CASE)
        and one.status in (OPEN, CONFIRMED)
        and one.summary.get(EXCEPT) == list(changes.people)
    ]
    if not found:
        return "", frozenset()
    (last,) = as_read(transaction, found[-1:])
    lines = last.summary.get("changes")
    return (last.id, frozenset(lines)) if isinstance(lines, list) else ("", frozenset())


def _rejected(transaction: Transaction, changes: ChangesOf, lines: Sequence[str]) -> Proposal | None:
    """Return the last proposal of the very same list that somebody rejected since the last commitment; None where there is none."""
    last = last_commitment(transaction)
    found = [
        one
        for one in transaction.proposals.all()
        if (one.by, one.use_case, one.status) == (ENGINE, USE_CASE, REJECTED)
        and one.summary.get(EXCEPT) == list(changes.people)
        and (last is None or one.made_at > last.at)
    ]
    for one in reversed(as_read(transaction, found)):
        known = one.summary.get("changes")
        if isinstance(known, list) and set(lines) <= set(known):
            return one
    return None


def _line(one: EnteredDifference) -> Message:
    words = words_of_changes()
    firm = one.firm if one.entry == one.firm else say("{firm}（{entry}）", firm=one.firm, entry=one.entry)
    return say(
        "{firm} {what}：{before} → {after}",
        firm=firm, what=words[one.what], before=_shown(one.what, one.before), after=_shown(one.what, one.after),
    )  # fmt: skip


def _shown(what: str, found: Any) -> str:
    """Return what one side of a difference is, in a few words."""
    if found is None:
        return "-"
    if what == VISIT:
        return str(found.get("ledger_day") or "-")
    if what == LISTED:
        # Everything that decides: an entry that is new, or new under this code, may be another than the one before in any of it.
        parts = [_titled(name, one) for name, one in found.items() if one not in (None, ())]
        return (
            str(reduce(lambda one, other: say("{one}，{other}", one=one, other=other), parts))
            if parts
            else "-"
        )
    if what == CERTIFICATE:
        return str(say("有") if found else say("没有"))
    if what == RECUSALS:
        # Whom somebody keeps away from is private: whoever agrees sees that, and how many, and asks the register.
        return str(say("{count} 户", count=len(found)))
    if what == CLASS:
        return " ".join(f"{scheme}={name}" for scheme, name in found) or "-"
    return " ".join(map(str, found)) if isinstance(found, tuple) else str(found)


def _titled(name: str, found: Any) -> Message | str:
    """Return what one column of an entry is, of the words that need it with what they are of."""
    shown = _shown(name, found)
    return (
        shown
        if name in (STATUS, ON_DUTY)
        else str(say("{what} {shown}", what=words_of_changes()[name], shown=shown))
    )


def _waits(changes: ChangesOf, who: Sequence[str]) -> RefusalReason:
    message = say(
        "{people}录入的名录变动有 {count} 处影响谁能被抽到，须先由另一人核对同意：待{who}确认提请，确认后再办",
        people=list(changes.people),
        count=len(changes.changes),
        who=list(who),
    )
    return RefusalReason(UNAGREED, message, next=NextAction("list_proposals"))


def _nobody(changes: ChangesOf) -> RefusalReason:
    message = say(
        "{people}录入的名录变动有 {count} 处影响谁能被抽到，须先由另一人核对同意；在岗的管理员不是录入人就是承诺人，没有人可以核对，请先改定管理员或者改由他人承诺",
        people=list(changes.people),
        count=len(changes.changes),
    )
    return RefusalReason(UNAGREED, message, next=NextAction("list_people"))


def _refused(context: EffectContext, reason: RefusalReason) -> CommandRefused:
    return CommandRefused(Refusal(context.case.id, context.decision.title, (reason,)))
