"""会签 或签 加签 减签: a step that is taken when enough people have signed it. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, AddSigner, DropSigner
from engine.lifecycle.forms.signature import Signature, Signing
from engine.lifecycle.model.workflow import Sign, Transition
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import TITLES, Outcome, check_verb

Holders = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Signers:
    """Who has to sign a step, and who has."""

    sign: Sign
    signing: Signing
    #: Those the definition names, without who was dropped.
    named: tuple[str, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Return everybody who may sign."""
        return tuple(dict.fromkeys((*self.named, *self.signing.added)))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return those whose signature is not there and would count."""
        return tuple(person for person in self.people if person not in self.signing.people)

    @property
    def complete(self) -> bool:
        """Tell whether enough have signed: every added one, and all or so many of those named."""
        done = self.signing.people
        if not done or any(person not in done for person in self.signing.added):
            return False
        signed = sum(person in done for person in self.named)
        return signed == len(self.named) if self.sign.count is None else signed >= self.sign.count

    @property
    def possible(self) -> bool:
        """Tell whether there are people enough for the step ever to be taken."""
        least = 1 if self.sign.count is None else self.sign.count
        return len(self.named) >= least or (self.sign.count is None and bool(self.signing.added))


def signers(process: Process, case: Case, step: Transition, holders: Holders) -> Signers | None:
    """Return who signs `step`; None for a step one person takes alone. `holders`: role -> who holds it."""
    sign = step.sign
    if sign is None:
        return None
    signing = case.signing.get(step.id) or Signing()
    named: list[str] = []
    for name in sign.by:
        named += case.parties.get(name, ()) if name in process.workflow.parties else holders.get(name, ())
    left = tuple(p for p in dict.fromkeys(named) if p not in signing.dropped and p not in signing.added)
    return Signers(sign, signing, left)


def waiting_for(process: Process, case: Case) -> tuple[str, ...]:
    """Return those a step of the present state waits to be signed by: roles, parties' members as ``p:<id>``."""
    out: list[str] = []
    for found in process.manual_steps(case.state).values():
        sign = found[0].sign
        if sign is None:
            continue
        who = signers(process, case, found[0], {})
        if who is None:
            continue
        # Everybody has signed and the step was not taken, because a signer was dropped: any of them can take it.
        roles = [name for name in sign.by if name not in process.workflow.parties]
        people = who.waiting or (() if roles else who.people)
        out += [*(f"p:{person}" for person in people), *roles]
    return tuple(dict.fromkeys(out))


def may_sign(who: Signers, actor: Actor, title: str) -> list[RefusalReason]:
    """Return what stands against `actor` signing."""
    if not who.possible:
        least = 1 if who.sign.count is None else who.sign.count
        seen = len(who.named)
        message = say("“{step}”须 {least} 人签署，只有 {seen} 人可签", step=title, least=least, seen=seen)
        return [RefusalReason("signers", message, hint=say("请先补齐人员或加签"))]
    as_whom = signs_for(who, actor)
    if as_whom is None:
        names = list(who.people)
        message = say("“{step}”由{who}签署，“{actor}”不能签", step=title, who=names, actor=actor.id)
        return [RefusalReason("not-allowed", message)]
    if who.complete:
        return []
    if as_whom in who.signing.people:
        waiting = list(who.waiting)
        return [RefusalReason("signed", say("“{person}”已签署，待{who}签署", person=as_whom, who=waiting))]
    if any(signature.person == actor.id for signature in who.signing.signed):
        message = say("“{actor}”已签署一次，一人不能签两份（委托他人时亦然）", actor=actor.id)
        return [RefusalReason("signed", message)]
    return []


def signs_for(who: Signers, actor: Actor) -> str | None:
    """Return whose signature the actor's would be: their own, else that of whom they stand in for."""
    possible = [actor.id, *(principal.id for principal in actor.principals)]
    able = [person for person in possible if person in who.people]
    open_ = [person for person in able if person not in who.signing.people]
    return next(iter(open_ or able), None)


def signed(who: Signers, actor: Actor, now: datetime, answers: Mapping[str, object] | None) -> Signers:
    """Return the signers after `actor` has signed `answers`."""
    as_whom = signs_for(who, actor)
    if as_whom is None or as_whom in who.signing.people:
        return who
    one = Signature(actor.id, now, as_whom if as_whom != actor.id else None)
    kept = who.signing.answers if who.signing.signed else answers
    return replace(who, signing=replace(who.signing, signed=(*who.signing.signed, one), answers=kept))


def add_signer(process: Process, case: Case, command: AddSigner) -> Outcome:
    """加签: one more person must sign."""
    title, person = TITLES["add_signer"], command.person.id
    verb, reasons = check_verb(process, case, "add_signer", command.actor, command.reason)
    step, which = _step(process, case, command.step)
    who = signers(process, case, step, command.holders) if step is not None else None
    if verb is None or step is None or who is None or reasons:
        return Refusal(case.id, title, (*reasons, *which))
    if verb.among and not belongs(process, case, command.person, verb.among):
        among = [process.title_of(name) for name in verb.among]
        message = say("只能加签{among}，“{person}”不是", among=among, person=person)
        reasons.append(RefusalReason("person", message, verb.basis))
    if person in who.people:
        reasons.append(RefusalReason("signed", say("“{person}”本来就要签署", person=person)))
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    dropped = tuple(p for p in who.signing.dropped if p != person)
    added = (*who.signing.added, person)
    change = Change(signing={step.id: replace(who.signing, added=added, dropped=dropped)})
    told = say("“{case}”的“{step}”请您加签", case=case.title, step=step.title)
    return EventKind.SIGNER_ADDED, title, change, ((f"p:{person}", told),)


def drop_signer(process: Process, case: Case, command: DropSigner) -> Outcome:
    """减签: somebody who has not signed need not; a signature that is there stays."""
    title, person = TITLES["drop_signer"], command.person.id
    verb, reasons = check_verb(process, case, "drop_signer", command.actor, command.reason)
    step, which = _step(process, case, command.step)
    who = signers(process, case, step, command.holders) if step is not None else None
    if verb is None or step is None or who is None or reasons:
        return Refusal(case.id, title, (*reasons, *which))
    less = replace(who.signing, added=tuple(p for p in who.signing.added if p != person))
    if person in who.named:
        less = replace(less, dropped=(*less.dropped, person))
    left = replace(who, signing=less, named=tuple(p for p in who.named if p != person))
    if person not in who.people:
        names = list(who.people)
        message = say("“{person}”不是签署人；签署人：{who}", person=person, who=names)
        reasons.append(RefusalReason("person", message))
    elif person in who.signing.people:
        reasons.append(
            RefusalReason("signed", say("“{person}”已签署，签名不能减去", person=person), verb.basis)
        )
    elif not left.possible:
        reasons.append(RefusalReason("signers", say("减去“{person}”后签署人不足", person=person), verb.basis))
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    notices: list[tuple[str, Message]] = []
    if left.complete:
        told = say("“{case}”的“{step}”已签齐，请办理该步", case=case.title, step=step.title)
        notices = [(f"p:{each}", told) for each in left.people]
    return EventKind.SIGNER_DROPPED, title, Change(signing={step.id: less}), tuple(notices)


def _step(process: Process, case: Case, name: str | None) -> tuple[Transition | None, list[RefusalReason]]:
    """Return the step of the present state that is signed, or why it is not clear which."""
    signed = {s: f[0] for s, f in process.manual_steps(case.state).items() if f[0].sign is not None}
    if name is None and len(signed) == 1:
        return next(iter(signed.values())), []
    if name in signed:
        return signed[name], []
    known = [say("{title}（{id}）", title=step.title, id=name) for name, step in signed.items()]
    if not known:
        return None, [RefusalReason("state", say("此环节没有要签署的步骤"))]
    return None, [RefusalReason("state", say("请指明签署的步骤；此环节有：{known}", known=known))]
