"""会签 或签 依次审批: who signs a step that is taken when enough people have signed it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor
from engine.lifecycle.forms.signature import Signature, Signing
from engine.lifecycle.model.workflow import Sign, Transition
from engine.lifecycle.process import Process
from engine.value import value

Holders = Mapping[str, Sequence[str]]


@value
class Signers:
    """Who has to sign a step, and who has."""

    sign: Sign
    signing: Signing
    #: Those the definition names, without who was dropped.
    named: tuple[str, ...]
    #: Signed one after the other: who may sign at each place; empty where the order does not matter.
    places: tuple[tuple[str, ...], ...] = ()
    #: Those the form names as signers who are none.
    not_able: tuple[str, ...] = ()
    #: Those who were drawn: nobody signs for them, the next of the draw takes their place.
    in_person: frozenset[str] = frozenset()

    @property
    def due(self) -> tuple[str, ...]:
        """Return those one of whom signs next; in order, and those added behind the others."""
        at = in_order(self.signing)
        left = tuple(person for person in self.signing.added if person not in self.signing.people)
        if at < len(self.places):
            return self.places[at]
        return tuple(person for person in left if person not in self.signing.after) or left

    @property
    def now(self) -> tuple[str, ...]:
        """Return those who may sign now; where the order does not matter those who have signed are among them."""
        if self.complete:
            return self.people
        first = awaited_first(self.signing)
        if first:
            return first
        if self.places:
            return self.due
        last = tuple(person for person in self.signing.after if person not in self.signing.people)
        if last and not self.others_done:
            return tuple(person for person in self.people if person not in last)
        return self.people

    @property
    def others_done(self) -> bool:
        """Tell whether only those who sign after all others (后加签) are left."""
        after = self.signing.after
        signing = replace(
            self.signing, added=tuple(one for one in self.signing.added if one not in after), after=()
        )
        signed = tuple(one for one in signing.signed if one.counts_for not in after)
        return replace(self, signing=replace(signing, signed=signed)).complete

    @property
    def people(self) -> tuple[str, ...]:
        """Return everybody who may sign."""
        return tuple(dict.fromkeys((*self.named, *self.signing.added)))

    @property
    def waiting(self) -> tuple[str, ...]:
        """Return those whose signature is not there and would count now."""
        if self.places and not awaited_first(self.signing):
            return self.due
        return tuple(person for person in self.now if person not in self.signing.people)

    @property
    def complete(self) -> bool:
        """Tell whether enough have signed: every added one, and all or so many of those named."""
        done = self.signing.people
        if not done or any(person not in done for person in self.signing.added):
            return False
        if self.places:
            return in_order(self.signing) >= len(self.places)
        signed = sum(person in done for person in self.named)
        return signed == len(self.named) if self.sign.count is None else signed >= self.sign.count

    @property
    def possible(self) -> bool:
        """Tell whether there are people enough for the step ever to be taken."""
        if self.sign.in_order:
            return bool(self.places) and all(self.places)
        least = 1 if self.sign.count is None else self.sign.count
        return len(self.named) >= least or (self.sign.count is None and bool(self.signing.added))


def awaited_first(signing: Signing) -> tuple[str, ...]:
    """Return those who sign before all others (前加签) and have not."""
    return tuple(person for person in signing.before if person not in signing.people)


def in_order(signing: Signing) -> int:
    """Return how many of those a definition names have signed, added ones left out."""
    return sum(signature.counts_for not in signing.added for signature in signing.signed)


def signers(
    process: Process,
    case: Case,
    step: Transition,
    holders: Holders,
    answers: Mapping[str, object] | None = None,
) -> Signers | None:
    """Return who signs `step`; None for a step one person takes alone.

    `holders`: role -> who holds it. `answers` are those about to be signed; once somebody has signed, theirs count.
    """
    sign = step.sign
    if sign is None:
        return None
    signing = case.signing.get(step.id) or Signing()
    listed = _listed(sign, signing.answers if signing.signed else answers)
    named: list[str] = []
    known = [*signing.added]
    places: list[tuple[str, ...]] = []
    for name in sign.by:
        party = name in process.workflow.parties
        found = case.parties.get(name, ()) if party else holders.get(name, ())
        known += found
        found = [person for person in found if listed is None or person in listed]
        named += found
        present = tuple(person for person in found if person not in signing.dropped)
        places += [(person,) for person in present] if party else [present]
    left = tuple(p for p in dict.fromkeys(named) if p not in signing.dropped and p not in signing.added)
    not_able = tuple(person for person in listed or () if person not in known)
    in_person = frozenset(who for party in process.drawn_parties for who in case.parties.get(party, ()))
    return Signers(sign, signing, left, tuple(places) if sign.in_order else (), not_able, in_person)


def _listed(sign: Sign, answers: Mapping[str, object] | None) -> list[str] | None:
    """Return whom the answers name as signers; None where every signer of the definition signs."""
    value = answers.get(sign.named_in) if sign.named_in is not None and answers is not None else None
    return [str(one) for one in value] if isinstance(value, list) else None


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
        if first := awaited_first(who.signing):
            out += [f"p:{person}" for person in first]
            continue
        if sign.in_order:
            out += _next_in_order(process, case, sign, who)
            continue
        if who.signing.after and who.signing.others_done:
            out += [f"p:{person}" for person in who.signing.after if person not in who.signing.people]
            continue
        # Everybody has signed and the step was not taken, because a signer was dropped: any of them can take it.
        roles = [name for name in sign.by if name not in process.workflow.parties]
        people = [person for person in who.waiting if person not in who.signing.after]
        people = people or [] if roles else people or list(who.people)
        out += [*(f"p:{person}" for person in people), *roles]
    return tuple(dict.fromkeys(out))


def _next_in_order(process: Process, case: Case, sign: Sign, who: Signers) -> list[str]:
    """Return who signs next: a role, or people; the holders of roles are not known here."""
    at = in_order(who.signing)
    for name in sign.by:
        party = name in process.workflow.parties
        members = [person for person in case.parties.get(name, ()) if person not in who.signing.dropped]
        here = [f"p:{person}" for person in members] if party else [name]
        if at < len(here):
            return here[at : at + 1]
        at -= len(here)
    return [f"p:{person}" for person in who.due]


def may_sign(who: Signers, actor: Actor, title: str) -> list[RefusalReason]:
    """Return the reasons against `actor` signing."""
    if who.not_able:
        message = say("“{step}”写明的签署人中，{who}不能签署", step=title, who=list(who.not_able))
        hint = say("代他人签署的，写明的是被代理的人")
        return [RefusalReason("signers", message, hint=hint)]
    if not who.possible:
        least = 1 if who.sign.count is None else who.sign.count
        seen = len(who.named)
        message = say("“{step}”须 {least} 人签署，只有 {seen} 人可签", step=title, least=least, seen=seen)
        return [RefusalReason("signers", message, hint=say("请先补齐人员或加签"))]
    as_whom = signs_for(who, actor)
    if (
        as_whom is None
        and any(one.id in who.in_person for one in actor.principals)
        and actor.id not in who.people
    ):
        message = say("“{step}”由抽取确定的人员本人签署，“{actor}”不能代签", step=title, actor=actor.id)
        hint = say("本人不能办理的，申请更换，由同一随机次序的下一名接替；接替的人也要参加过检查前培训")
        return [RefusalReason("not-allowed", message, hint=hint)]
    if as_whom is None and _named(who, actor):
        message = say("“{step}”依次签署，现在由{who}签", step=title, who=list(who.waiting))
        return [RefusalReason("signed", message, hint=say("轮到时再签"))]
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
    """Return whose signature the actor's would be: their own, else that of whom they stand in for; not of who was drawn."""
    others = (principal.id for principal in actor.principals if principal.id not in who.in_person)
    possible = [actor.id, *others]
    may = who.now
    able = [person for person in possible if person in may]
    open_ = [person for person in able if person not in who.signing.people]
    return next(iter(open_ or able), None)


def as_signed(who: Signers, actor: Actor, answers: Mapping[str, object]) -> Mapping[str, object]:
    """Return `answers` as conditions see them: whoever signs for another in the place of the one named."""
    field, as_whom = who.sign.named_in, signs_for(who, actor)
    value = answers.get(field) if field is not None else None
    if field is None or as_whom in (None, actor.id) or not isinstance(value, list):
        return answers
    return {**answers, field: [actor.id if one == as_whom else one for one in value]}


def _named(who: Signers, actor: Actor) -> bool:
    """Tell whether `actor`, or somebody they stand in for, signs at some time."""
    return any(person in who.people for person in (actor.id, *(one.id for one in actor.principals)))


def add_signature(who: Signers, actor: Actor, now: datetime, answers: Mapping[str, object] | None) -> Signers:
    """Return the signers after `actor` has signed `answers`."""
    as_whom = signs_for(who, actor)
    if as_whom is None or as_whom in who.signing.people:
        return who
    one = Signature(actor.id, now, as_whom if as_whom != actor.id else None)
    kept = who.signing.answers if who.signing.signed else answers
    after = replace(who, signing=replace(who.signing, signed=(*who.signing.signed, one), answers=kept))
    # Whoever has signed is not asked again at a later place.
    while after.places and (at := in_order(after.signing)) < len(after.places):
        again = [one for one in after.signing.signed if one.counts_for in after.places[at]]
        if not again:
            break
        repeated = replace(again[0], at=now)
        after = replace(after, signing=replace(after.signing, signed=(*after.signing.signed, repeated)))
    if after.signing.after:
        after = replace(after, signing=replace(after.signing, others_done=after.others_done))
    return after
