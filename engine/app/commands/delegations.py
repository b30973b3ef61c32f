"""委托: making and ending delegations. Each is entered in the history `delegations`.

A delegation gives the one what the other may do, as long as it lasts; it ends by itself. Conditions on people
(certificates, training) are asked of the person who acts, and who is recused from an object cannot act for another
there. Whoever gives what is another's to give needs a second: the principal, or another administrator. Nobody acts for
whoever holds a role that excludes one of theirs. The principal and the delegate find both, giving and taking back, in their inboxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.access.proposals import SecondPerson
from engine.app.delivery.inbox_messages import put_into_inboxes
from engine.app.history.credential import by_one
from engine.app.people.delegation import STREAM, delegations
from engine.app.people.directory import Directory, is_active
from engine.app.people.incompatible import why_incompatible_together
from engine.app.ports.records import Delegation
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction


def _known(context: PreparationContext, *_: Any, **__: Any) -> list[Delegation]:
    """Read every delegation ever made; there are more of them every year."""
    context.relies_on(STREAM)
    return delegations(context.transaction)


def _two_agree(
    context: CommandContext, principal: str, delegate: str, first: date, last: date, reason: str
) -> SecondPerson | None:
    """Say that two agree to a delegation of another's duties: whoever gives it, and the principal or a second administrator."""
    if context.by == principal:
        return None
    made = _new(context, principal, delegate, first, last, reason)
    return SecondPerson(_sentence(made), about=principal, person=principal, summary=_summary(made))


@command(
    "delegation.change", about="principal", decode=Delegation.from_json, prepare=_known, second=_two_agree
)
def add_delegation(
    context: CommandContext, principal: str, delegate: str, first: date, last: date, reason: str
) -> Delegation:
    """Let `delegate` act for `principal` from `first` to `last`, days of the bureau, both included.

    Given by another than the principal it is agreed to by two: the principal, or a second administrator.
    """
    made = _new(context, principal, delegate, first, last, reason)
    context.transaction.delegations.add(made, len(context.prepared) + 1)
    context.record("delegated", made.as_json(), STREAM)
    alone = say("（单人办理）") if made.single_handed else ""
    _tell(
        context,
        made,
        "made",
        say(
            "“{by}”登记委托：{what}（{id}）；理由：{reason}{alone}",
            by=made.by,
            what=_sentence(made),
            id=made.id,
            reason=made.reason,
            alone=alone,
        ),
    )
    return made


@command("delegation.end", decode=Delegation.from_json, prepare=_known)
def end_delegation(context: CommandContext, delegation: str, reason: str) -> Delegation:
    """End a delegation before its last day: either of the two may, and whoever may make it."""
    known: list[Delegation] = context.prepared
    found = next((one for one in known if one.id == delegation), None)
    if found is None or found.ended or found.ends <= context.now:
        running = [one.id for one in known if not one.ended and one.ends > context.now]
        raise context.refusal(
            "delegation", say("没有在办的委托“{id}”；在办的有：{running}", id=delegation, running=running)
        )
    if context.by not in (found.principal, found.delegate):
        context.require("delegation.change", found.principal)
    if not clean(reason):
        raise context.refusal("reason", say("收回委托须说明理由"))
    context.transaction.delegations.end(delegation)
    context.record("undelegated", {"id": delegation, "reason": reason}, STREAM)
    _tell(
        context,
        found,
        "ended",
        say(
            "“{by}”收回委托：{what}（{id}）；理由：{reason}",
            by=context.by,
            what=_sentence(found),
            id=found.id,
            reason=reason,
        ),
    )
    return replace(found, ended=True)


def _new(
    context: CommandContext, principal: str, delegate: str, first: date, last: date, reason: str
) -> Delegation:
    """Return a delegation that may be made. Raises CommandRefused with every reason against it."""
    zone = context.services.definitions.time.zone
    known: list[Delegation] = context.prepared
    made = Delegation(
        id=f"delegation-{len(known) + 1}",
        principal=principal,
        delegate=delegate,
        first=first,
        last=last,
        begins=datetime.combine(first, time(), zone),
        ends=datetime.combine(last + timedelta(days=1), time(), zone),
        reason=clean(reason),
        by=context.by,
        single_handed=by_one(),
    )
    reasons = (*_against(context.transaction, context.now, made, known), *_incompatible(context, made, known))
    if reasons:
        raise refused(*reasons)
    return made


def _incompatible(
    context: CommandContext, made: Delegation, known: Iterable[Delegation]
) -> Iterator[RefusalReason]:
    """Yield why the delegate may not hold what the principal holds, beside what they hold and act for in those days."""
    people = Directory(context.transaction)
    delegate, principal = people.actor(made.delegate), people.actor(made.principal)
    if delegate is None or principal is None:
        return
    others = [
        other
        for one in known
        if one.delegate == made.delegate and one.principal != made.principal and _together(one, made)
        if (other := people.actor(one.principal)) is not None
    ]
    if (reason := why_incompatible_together(delegate, principal, others, context.bureau)) is not None:
        yield reason


def _together(one: Delegation, made: Delegation) -> bool:
    """Tell whether a delegation that was not taken back has a day in common with one that is made."""
    return not one.ended and made.begins < one.ends and one.begins < made.ends


def _summary(made: Delegation) -> dict[str, str]:
    return {
        "principal": made.principal,
        "delegate": made.delegate,
        "first": made.first.isoformat(),
        "last": made.last.isoformat(),
        "reason": made.reason,
    }


def _sentence(made: Delegation) -> Message:
    words = {"first": made.first.isoformat(), "last": made.last.isoformat()}
    return say(
        "“{delegate}”自 {first} 至 {last} 代“{principal}”办理",
        delegate=made.delegate,
        principal=made.principal,
        **words,
    )


def _tell(context: CommandContext, made: Delegation, what: str, text: Message) -> None:
    """Put a message into the inboxes of the two a delegation is of, whoever gave it or took it back."""
    put_into_inboxes(
        context.transaction,
        context.now,
        (made.principal, made.delegate),
        name=f"{made.id}:{what}",
        about="delegation",
        title=say("委托"),
        text=text,
    )


def _against(
    transaction: Transaction, now: datetime, made: Delegation, known: Iterable[Delegation]
) -> Iterator[RefusalReason]:
    """Yield every reason against a delegation."""
    if made.principal == made.delegate:
        yield RefusalReason("delegation", say("不能委托给自己"))
    for person in dict.fromkeys((made.principal, made.delegate)):
        if not is_active(transaction, person):
            yield RefusalReason(
                "unknown-person",
                say("名录中没有在岗的“{person}”", person=person),
                next=NextAction("list_staff"),
            )
    if made.last < made.first:
        message = say(
            "止日 {last} 早于起日 {first}", first=made.first.isoformat(), last=made.last.isoformat()
        )
        yield RefusalReason("delegation", message)
    elif made.ends <= now:
        yield RefusalReason("delegation", say("止日 {last} 已过", last=made.last.isoformat()))
    if not made.reason:
        yield RefusalReason("reason", say("委托须说明理由，例如“年休假”“借调”"))
    for message in _overlapping(made, known):
        yield RefusalReason("delegation", message)


def _overlapping(made: Delegation, known: Iterable[Delegation]) -> Iterator[Message]:
    """Yield why a delegation cannot stand beside those of the same days."""
    for one in known:
        if not _together(one, made):
            continue
        words = {"id": one.id, "first": one.first.isoformat(), "last": one.last.isoformat()}
        if one.principal == made.delegate:
            yield say(
                "“{person}”自己在 {first} 至 {last} 已委托他人（{id}），不能再受托",
                person=made.delegate,
                **words,
            )
        if one.delegate == made.principal:
            yield say(
                "“{person}”在 {first} 至 {last} 受他人委托（{id}），不得转委托",
                person=made.principal,
                **words,
            )
        if one.principal == made.principal:
            yield say(
                "“{person}”在 {first} 至 {last} 已有委托（{id}），先收回再另行委托",
                person=made.principal,
                **words,
            )
