"""The verbs of a task as the office does them: 领取 转办 延期 挂起 恢复 退回 撤回 催办 回执 作废 加签 减签 批准."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from engine.app.history.requests import CommandResult
from engine.app.people.directory import find_actor, is_active
from engine.app.ports.store import Transaction
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.command import (
    Acknowledge,
    Actor,
    AddSigner,
    Approve,
    Claim,
    Command,
    DropSigner,
    Extend,
    Reassign,
    Resume,
    Return,
    Suspend,
    Urge,
    Void,
    Withdraw,
)
from engine.lifecycle.verb_guard import TITLES


class TaskVerbs:
    """What may be done with a task besides its steps. Every verb takes ``request_id`` and ``dry_run`` too."""

    __slots__ = ()

    @abstractmethod
    def _verb(
        self,
        name: str,
        case_id: str,
        person: str,
        make: Callable[[Actor, Transaction], Command],
        words: Mapping[str, Any],
        *,
        request_id: str | None = None,
        dry_run: bool = False,
    ) -> CommandResult | Refusal: ...

    def claim(self, case_id: str, person: str, **how: Any) -> CommandResult | Refusal:
        """领取 the task of a case."""
        return self._verb("claim", case_id, person, lambda actor, transaction: Claim(actor=actor), {}, **how)

    def reassign(
        self, case_id: str, person: str, to: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """转办 the task of a case to another of those it is for, or of those the definition names (``among``)."""

        def command(actor: Actor, transaction: Transaction) -> Command:
            other = find_actor(transaction, to)
            if other is None:
                raise unknown_person(case_id, to, TITLES["reassign"])
            if not is_active(transaction, to):
                left = RefusalReason("person", say("“{person}”已不在岗，不能转办给此人", person=to))
                raise CommandRefused(Refusal(case_id, TITLES["reassign"], (left,)))
            return Reassign(actor=actor, to=other, reason=reason)

        return self._verb("reassign", case_id, person, command, {"to": to, "reason": reason}, **how)

    def extend(
        self, case_id: str, person: str, count: int, *, reason: str, clock: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """延期 a running deadline by `count` of its own units."""
        words = {"count": count, "reason": reason, "clock": clock}
        return self._verb(
            "extend",
            case_id,
            person,
            lambda actor, transaction: Extend(actor=actor, count=count, clock=clock, reason=reason),
            words,
            **how,
        )

    def suspend(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """挂起 a case."""
        words = {"reason": reason}
        return self._verb(
            "suspend",
            case_id,
            person,
            lambda actor, transaction: Suspend(actor=actor, reason=reason),
            words,
            **how,
        )

    def resume(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """恢复 a suspended case."""
        words = {"reason": reason}
        return self._verb(
            "resume",
            case_id,
            person,
            lambda actor, transaction: Resume(actor=actor, reason=reason),
            words,
            **how,
        )

    def send_back(
        self, case_id: str, person: str, to: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """退回 a case to a state it has passed."""
        return self._verb(
            "return",
            case_id,
            person,
            lambda actor, transaction: Return(actor=actor, to=to, reason=reason),
            {"to": to, "reason": reason},
            **how,
        )

    def withdraw(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """撤回 one's own last step or signature."""
        return self._verb(
            "withdraw",
            case_id,
            person,
            lambda actor, transaction: Withdraw(actor=actor, reason=reason),
            {"reason": reason},
            **how,
        )

    def urge(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """催办 a task."""
        return self._verb(
            "urge",
            case_id,
            person,
            lambda actor, transaction: Urge(actor=actor, reason=reason),
            {"reason": reason},
            **how,
        )

    def acknowledge(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """回执: say that one has received the last 催办; who urged is told."""
        return self._verb(
            "acknowledge",
            case_id,
            person,
            lambda actor, transaction: Acknowledge(actor=actor, reason=reason),
            {"reason": reason},
            **how,
        )

    def void(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """作废 a case, with its open child cases where the definition says so."""
        return self._verb(
            "void",
            case_id,
            person,
            lambda actor, transaction: Void(actor=actor, reason=reason),
            {"reason": reason},
            **how,
        )

    def add_signer(
        self,
        case_id: str,
        person: str,
        signer: str,
        *,
        reason: str,
        step: str | None = None,
        **how: Any,
    ) -> CommandResult | Refusal:
        """加签: `signer` must sign a step of the present state too."""

        def command(actor: Actor, transaction: Transaction) -> Command:
            other = _somebody(transaction, case_id, signer, "add_signer")
            return AddSigner(actor=actor, person=other, step=step, reason=reason)

        words = {"signer": signer, "reason": reason, "signed_step": step}
        return self._verb("add_signer", case_id, person, command, words, **how)

    def drop_signer(
        self,
        case_id: str,
        person: str,
        signer: str,
        *,
        reason: str,
        step: str | None = None,
        **how: Any,
    ) -> CommandResult | Refusal:
        """减签: `signer`, who has not signed, need not sign."""

        def command(actor: Actor, transaction: Transaction) -> Command:
            other = find_actor(transaction, signer) or Actor(signer)
            return DropSigner(actor=actor, person=other, step=step, reason=reason)

        words = {"signer": signer, "reason": reason, "signed_step": step}
        return self._verb("drop_signer", case_id, person, command, words, **how)

    def approve(
        self, case_id: str, person: str, verb: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """批准 what was asked for by `verb` (``extend``, ``suspend``, ``return``, ``void``)."""
        return self._decide(case_id, person, verb, granted=True, reason=reason, **how)

    def deny(
        self, case_id: str, person: str, verb: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """Refuse what was asked for by `verb`."""
        return self._decide(case_id, person, verb, granted=False, reason=reason, **how)

    def _decide(
        self, case_id: str, person: str, verb: str, *, granted: bool, reason: str | None, **how: Any
    ) -> CommandResult | Refusal:
        return self._verb(
            "approve" if granted else "deny",
            case_id,
            person,
            lambda actor, transaction: Approve(actor=actor, verb=verb, granted=granted, reason=reason),
            {"verb": verb, "reason": reason},
            **how,
        )


def _somebody(transaction: Transaction, case_id: str, person: str, verb: str) -> Actor:
    """Return somebody who works here. Raises Refused."""
    other = find_actor(transaction, person)
    if other is None:
        raise unknown_person(case_id, person, TITLES[verb])
    if not is_active(transaction, person):
        left = say("“{person}”已不在岗，不能{verb}给此人", person=person, verb=TITLES[verb])
        raise CommandRefused(Refusal(case_id, TITLES[verb], (RefusalReason("person", left),)))
    return other


def unknown_person(case_id: str | None, person: str, attempt: str) -> CommandRefused:
    """Return the exception that says no register knows this person."""
    message: Message = say("名录中没有“{person}”这个人；用 ssj register list people 查看", person=person)
    return CommandRefused(Refusal(case_id, attempt, (RefusalReason("person", message),)))
