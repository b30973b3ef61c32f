"""The verbs of a task: what may be done with it besides its steps. Every verb is a row of `engine.lifecycle.verbs`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from engine.app.access.case_access import unknown_person
from engine.app.history.requests import CommandResult
from engine.app.people.directory import find_actor, is_active
from engine.app.ports.store import Transaction
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbSpec
from engine.lifecycle.verbs.table import VERBS


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
        if_rev: int | None = None,
    ) -> CommandResult | Refusal: ...

    def do(
        self,
        word: str,
        case_id: str,
        person: str,
        /,
        *,
        request_id: str | None = None,
        dry_run: bool = False,
        if_rev: int | None = None,
        **arguments: Any,
    ) -> CommandResult | Refusal:
        """Do the verb called `word` on a case, with the arguments and the ``reason`` its row names.

        With `if_rev` only on a case that has not changed since its history had so many entries.

        Raises KeyError for a verb that is none, and TypeError for an argument it does not take or that is missing.
        """
        spec = VERBS[word]
        given = _given(spec, arguments)
        words = {
            argument.request_name: given[argument.name]
            for argument in spec.arguments
            if not (argument.added_later and given[argument.name] is None)
        }
        if spec.reason is not ReasonRule.NONE:
            words["reason"] = given["reason"]

        def command(actor: Actor, transaction: Transaction) -> Command:
            fields = {
                argument.field: _looked_up(transaction, case_id, spec, argument.kind, given[argument.name])
                for argument in spec.arguments
            }
            return spec.make(actor=actor, reason=given["reason"], **fields)

        return self._verb(
            word, case_id, person, command, words, request_id=request_id, dry_run=dry_run, if_rev=if_rev
        )

    def claim(self, case_id: str, person: str, **how: Any) -> CommandResult | Refusal:
        """领取 the task of a case."""
        return self.do("claim", case_id, person, **how)

    def reassign(
        self, case_id: str, person: str, to: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """转办 the task of a case to another of those it is for, or of those the definition names (``among``)."""
        return self.do("reassign", case_id, person, to=to, reason=reason, **how)

    def entrust(
        self, case_id: str, person: str, to: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """委派 the task of a case to another, who hands it back."""
        return self.do("entrust", case_id, person, to=to, reason=reason, **how)

    def hand_back(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """交回 an entrusted task with an answer."""
        return self.do("hand_back", case_id, person, reason=reason, **how)

    def correct(
        self, case_id: str, person: str, fact: str, value: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """更正 one answer of a form that was handed in (``FORM.FIELD``); the old one is kept in the history."""
        return self.do("correct", case_id, person, fact=fact, value=value, reason=reason, **how)

    def circulate(
        self, case_id: str, person: str, to: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """传阅 a case to somebody, who is to say that they have read it."""
        return self.do("circulate", case_id, person, to=to, reason=reason, **how)

    def read_copy(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """已阅: say that one has read the copy of a case; who sent it is notified."""
        return self.do("read", case_id, person, reason=reason, **how)

    def ask(
        self, case_id: str, person: str, to: str, *, reason: str, what: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """征询 one person to correct, complete or answer something of a case, which waits for it."""
        return self.do("ask", case_id, person, to=to, what=what, reason=reason, **how)

    def reply(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """答复 what one was asked about a case."""
        return self.do("reply", case_id, person, reason=reason, **how)

    def extend(
        self, case_id: str, person: str, count: int, *, reason: str, clock: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """延期 a running deadline by `count` of its own units."""
        return self.do("extend", case_id, person, count=count, clock=clock, reason=reason, **how)

    def suspend(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """挂起 a case."""
        return self.do("suspend", case_id, person, reason=reason, **how)

    def resume(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """恢复 a suspended case."""
        return self.do("resume", case_id, person, reason=reason, **how)

    def send_back(
        self, case_id: str, person: str, to: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """退回 a case to a state it has passed."""
        return self.do("return", case_id, person, to=to, reason=reason, **how)

    def withdraw(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """撤回 one's own last step or signature."""
        return self.do("withdraw", case_id, person, reason=reason, **how)

    def urge(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """催办 a task."""
        return self.do("urge", case_id, person, reason=reason, **how)

    def acknowledge(
        self, case_id: str, person: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """回执: say that one has received the last 催办; who urged is notified."""
        return self.do("acknowledge", case_id, person, reason=reason, **how)

    def void(self, case_id: str, person: str, *, reason: str, **how: Any) -> CommandResult | Refusal:
        """作废 a case, with its open child cases where the definition says so."""
        return self.do("void", case_id, person, reason=reason, **how)

    def add_signer(
        self,
        case_id: str,
        person: str,
        signer: str,
        *,
        reason: str,
        step: str | None = None,
        place: str | None = None,
        **how: Any,
    ) -> CommandResult | Refusal:
        """加签: `signer` must sign a step of the present state too; `place` is ``before`` or ``after`` the others."""
        how = {"signer": signer, "step": step, "place": place, **how}
        return self.do("add_signer", case_id, person, reason=reason, **how)

    def drop_signer(
        self, case_id: str, person: str, signer: str, *, reason: str, step: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """减签: `signer`, who has not signed, need not sign."""
        return self.do("drop_signer", case_id, person, signer=signer, reason=reason, step=step, **how)

    def approve(
        self, case_id: str, person: str, verb: str, *, reason: str | None = None, **how: Any
    ) -> CommandResult | Refusal:
        """批准 what was asked for by `verb` (``extend``, ``suspend``, ``return``, ``void``)."""
        return self.do("approve", case_id, person, verb=verb, reason=reason, **how)

    def deny(
        self, case_id: str, person: str, verb: str, *, reason: str, **how: Any
    ) -> CommandResult | Refusal:
        """Refuse what was asked for by `verb`."""
        return self.do("deny", case_id, person, verb=verb, reason=reason, **how)


def _given(spec: VerbSpec, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return every argument of a verb by name, None where it was left out. Raises TypeError."""
    needed = {argument.name: argument.required for argument in spec.arguments}
    if spec.reason is not ReasonRule.NONE:
        needed["reason"] = spec.reason is ReasonRule.REQUIRED
    unknown = [name for name in arguments if name not in needed]
    missing = [name for name, required in needed.items() if required and name not in arguments]
    if unknown or missing:
        raise TypeError(
            f"{spec.word}: arguments it does not take: {unknown}; arguments that are missing: {missing}"
        )
    return {"reason": None, **{name: arguments.get(name) for name in needed}}


def _looked_up(transaction: Transaction, case_id: str, spec: VerbSpec, kind: ArgumentKind, given: Any) -> Any:
    """Return an argument as the command takes it: people as actors. Raises CommandRefused for somebody not known."""
    if kind is ArgumentKind.PERSON:
        other = find_actor(transaction, given)
        if other is None:
            raise unknown_person(case_id, given, spec.title)
        if not is_active(transaction, given):
            left = say("“{person}”已不在岗，不能{verb}给此人", person=given, verb=spec.title)
            raise CommandRefused(Refusal(case_id, spec.title, (RefusalReason("person", left),)))
        return other
    if kind is ArgumentKind.ANYBODY:
        return find_actor(transaction, given) or Actor(given)
    return given
