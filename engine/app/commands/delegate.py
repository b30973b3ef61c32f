"""委托: who stands in for whom, from which day to which. A register of its own, with a history (`delegations`).

A delegation gives the one what the other may do, as long as it lasts; it ends by itself. Conditions on people
(certificates, training) are asked of the person who acts, and who is recused from an object cannot stand in there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.people.delegation import STREAM
from engine.app.ports.records import Delegation, IdempotencyRecord
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services


def delegate(
    services: Services,
    principal: str,
    to: str,
    first: date,
    last: date,
    *,
    by: str,
    reason: str,
    request_id: str | None = None,
    dry_run: bool = False,
) -> Delegation | list[Message]:
    """Let `to` stand in for `principal` from `first` to `last`; returns the delegation or all that is wrong with it.

    It is made by the principal, or by somebody who keeps the register of people. Sent twice with one `request_id` it is
    made once; a `dry_run` keeps nothing.
    """
    from datetime import time, timedelta

    zone = services.definitions.time.zone

    def work(transaction: Transaction) -> Delegation | list[Message]:
        known = transaction.delegations.all()
        made = Delegation(
            id=f"delegation-{len(known) + 1}",
            principal=principal,
            delegate=to,
            first=first,
            last=last,
            begins=datetime.combine(first, time(), zone),
            ends=datetime.combine(last + timedelta(days=1), time(), zone),
            reason=reason.strip(),
            by=by,
        )
        wrong = [
            *_not_theirs(services, transaction, by, principal),
            *_wrong(transaction, services.clock.now(), made, known),
        ]
        if wrong:
            return wrong
        transaction.delegations.add(made)
        add_entry(transaction, services.clock.now(), "delegated", by, made.as_json(), stream=STREAM)
        return made

    words = {"to": to, "first": first.isoformat(), "last": last.isoformat(), "reason": reason}
    return _once(services, ("delegate", principal, by, words), work, request_id, dry_run)


def end(
    services: Services,
    name: str,
    *,
    by: str,
    reason: str,
    request_id: str | None = None,
    dry_run: bool = False,
) -> Delegation | list[Message]:
    """Take a delegation back before its last day: either of the two may, and who keeps the register of people.

    `request_id` and `dry_run` as for `delegate`.
    """

    def work(transaction: Transaction) -> Delegation | list[Message]:
        known = transaction.delegations.all()
        found = next((one for one in known if one.id == name), None)
        if found is None or found.ended or found.ends <= services.clock.now():
            running = [one.id for one in known if not one.ended and one.ends > services.clock.now()]
            return [say("没有在办的委托“{id}”；在办的有：{running}", id=name, running=running)]
        wrong = _not_theirs(services, transaction, by, found.principal, found.delegate)
        if not reason.strip():
            wrong.append(say("收回委托须说明理由"))
        if wrong:
            return wrong
        over = replace(found, ended=True)
        transaction.delegations.end(name)
        add_entry(
            transaction,
            services.clock.now(),
            "undelegated",
            by,
            {"id": name, "reason": reason},
            stream=STREAM,
        )
        return over

    return _once(services, ("undelegate", name, by, {"reason": reason}), work, request_id, dry_run)


class _DryRun(Exception):
    """Ends a transaction without keeping it."""


def _once(
    services: Services,
    asked: tuple[str, str, str, dict[str, Any]],
    work: Callable[[Transaction], Delegation | list[Message]],
    request_id: str | None,
    dry_run: bool,
) -> Delegation | list[Message]:
    """Do `work` in one transaction, or return what the request answered before; a refusal is entered in the journal.

    Each delegation is checked against all others, so two made at once are made one after the other: both append to one
    history, and the second is checked again.
    """
    from engine.app.history.requests import CommandRequest, command_digest
    from engine.kernel.refusal import RefusalReason

    order = CommandRequest(*asked)
    digest = command_digest(order)

    def transact() -> Delegation | list[Message]:
        outcome: Delegation | list[Message] = []
        with suppress(_DryRun), services.store.write() as transaction:
            known = transaction.idempotency_record(request_id) if request_id else None
            if known is not None:
                if known.digest != digest:
                    return [say("请求编号“{id}”已用于另一条命令；每条命令须有自己的编号", id=request_id)]
                return Delegation.from_json(dict(known.answer))
            outcome = work(transaction)
            if dry_run:
                raise _DryRun
            if isinstance(outcome, list):
                reasons = [RefusalReason("delegation", message).as_json() for message in outcome]
                body = {
                    "verb": order.verb,
                    "attempt": order.attempt,
                    "reasons": reasons,
                    "about": order.about,
                }
                add_entry(transaction, services.clock.now(), "refused", order.person, body)
            elif request_id:
                transaction.record_request(
                    IdempotencyRecord(request_id, digest, outcome.as_json(), services.clock.now())
                )
        return outcome

    return retry_on_conflict(transact)


def _not_theirs(services: Services, transaction: Transaction, by: str, *own: str) -> list[Message]:
    """Return why `by` may not make or end a delegation between others; nothing when they may."""
    from engine.app.definitions.current import bureau_of
    from engine.app.people.access import PEOPLE, who_may, why_not_keep

    bureau = bureau_of(services.definitions, transaction)
    if by in own or why_not_keep(transaction, bureau, PEOPLE, by) is None:
        return []
    who = who_may(transaction, bureau, PEOPLE) if bureau is not None else []
    return [
        say(
            "“{by}”不能登记或收回他人的委托；可由“{principal}”本人或{who}办理",
            by=by,
            principal=own[0],
            who=who,
        )
    ]


def _wrong(
    transaction: Transaction, now: datetime, made: Delegation, known: Iterable[Delegation]
) -> list[Message]:
    from engine.app.people.directory import is_active

    found: list[Message] = []
    if made.principal == made.delegate:
        found.append(say("不能委托给自己"))
    found += [
        say("名录中没有在岗的“{person}”；用 ssj register list people 查看", person=person)
        for person in dict.fromkeys((made.principal, made.delegate))
        if not is_active(transaction, person)
    ]
    if made.last < made.first:
        found.append(
            say("止日 {last} 早于起日 {first}", first=made.first.isoformat(), last=made.last.isoformat())
        )
    elif made.ends <= now:
        found.append(say("止日 {last} 已过", last=made.last.isoformat()))
    if not made.reason:
        found.append(say("委托须说明理由，例如“年休假”“借调”"))
    for one in known:
        if one.ended or one.ends <= made.begins or made.ends <= one.begins:
            continue
        words = {"id": one.id, "first": one.first.isoformat(), "last": one.last.isoformat()}
        if one.principal == made.delegate:
            found.append(
                say(
                    "“{person}”自己在 {first} 至 {last} 已委托他人（{id}），不能再受托",
                    person=made.delegate,
                    **words,
                )
            )
        if one.delegate == made.principal:
            found.append(
                say(
                    "“{person}”在 {first} 至 {last} 受他人委托（{id}），不得转委托",
                    person=made.principal,
                    **words,
                )
            )
        if one.principal == made.principal:
            found.append(
                say(
                    "“{person}”在 {first} 至 {last} 已有委托（{id}），先收回再另行委托",
                    person=made.principal,
                    **words,
                )
            )
    return found
