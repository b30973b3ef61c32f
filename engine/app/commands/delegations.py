"""委托: making and ending delegations. Each is entered in the history `delegations`.

A delegation gives the one what the other may do, as long as it lasts; it ends by itself. Conditions on people
(certificates, training) are asked of the person who acts, and who is recused from an object cannot act for another
there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.access.command import CommandContext, command, refused
from engine.app.access.preparation import PreparationContext
from engine.app.people.delegation import STREAM, delegations
from engine.app.people.directory import is_active
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


@command("delegation.change", about="principal", decode=Delegation.from_json, prepare=_known)
def add_delegation(
    context: CommandContext, principal: str, delegate: str, first: date, last: date, reason: str
) -> Delegation:
    """Let `delegate` act for `principal` from `first` to `last`, days of the bureau, both included."""
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
    )
    if reasons := tuple(_against(context.transaction, context.now, made, known)):
        raise refused(*reasons)
    context.transaction.delegations.add(made, len(known) + 1)
    context.record("delegated", made.as_json(), STREAM)
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
    return replace(found, ended=True)


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
        if one.ended or one.ends <= made.begins or made.ends <= one.begins:
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
