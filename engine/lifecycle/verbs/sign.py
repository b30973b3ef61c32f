"""加签 减签: who must sign a step besides those the definition names, and who need not. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.case import Case, Change, EventKind
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.permission import belongs
from engine.lifecycle.process import Process
from engine.lifecycle.signers import signers
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.spec import ArgumentKind, Need, VerbArgument, VerbSpec
from engine.value import named_value

#: 前加签、后加签: where somebody who is added signs.
BEFORE, AFTER = PLACES = ("before", "after")


@named_value
class AddSigner(Command):
    """加签: `person` must sign the step `step` too."""

    person: Actor
    step: str | None = None
    #: `BEFORE` or `AFTER` the others; None: beside them.
    place: str | None = None
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@named_value
class DropSigner(Command):
    """减签: `person` need not sign the step `step`."""

    person: Actor
    step: str | None = None
    holders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def add_signer(process: Process, case: Case, command: AddSigner, _now: datetime) -> Outcome:
    """加签: one more person must sign: beside the others, before whoever has not signed (前), or after all (后)."""
    title, person = ADD_SIGNER.title, command.person.id
    verb, reasons = check_verb(process, case, ADD_SIGNER, command)
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
    if command.place not in (None, *PLACES):
        message = say("加签的位置应为{known}，实为“{seen}”", known=list(PLACES), seen=command.place)
        reasons.append(RefusalReason("place", message))
    if reasons:
        return Refusal(case.id, title, tuple(reasons))
    dropped = tuple(p for p in who.signing.dropped if p != person)
    added = (*who.signing.added, person)
    signing = replace(who.signing, added=added, dropped=dropped)
    if command.place == BEFORE:
        signing = replace(signing, before=(*signing.before, person))
    elif command.place == AFTER:
        signing = replace(signing, after=(*signing.after, person))
    left = replace(who, signing=signing)
    change = Change(signing={step.id: replace(signing, others_done=bool(signing.after) and left.others_done)})
    message = say("“{case}”的“{step}”请您加签", case=case.title, step=step.title)
    if command.place == AFTER:
        message = say("“{case}”的“{step}”在其他人签完后请您加签", case=case.title, step=step.title)
    return EventKind.SIGNER_ADDED, title, change, ((f"p:{person}", message),)


def drop_signer(process: Process, case: Case, command: DropSigner, _now: datetime) -> Outcome:
    """减签: somebody who has not signed need not; a signature that is there stays."""
    title, person = DROP_SIGNER.title, command.person.id
    verb, reasons = check_verb(process, case, DROP_SIGNER, command)
    step, which = _step(process, case, command.step)
    who = signers(process, case, step, command.holders) if step is not None else None
    if verb is None or step is None or who is None or reasons:
        return Refusal(case.id, title, (*reasons, *which))
    less = replace(
        who.signing,
        added=tuple(p for p in who.signing.added if p != person),
        before=tuple(p for p in who.signing.before if p != person),
        after=tuple(p for p in who.signing.after if p != person),
    )
    if person in who.named:
        less = replace(less, dropped=(*less.dropped, person))
    left = replace(who, signing=less, named=tuple(p for p in who.named if p != person))
    less = replace(less, others_done=bool(less.after) and left.others_done)
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
        message = say("“{case}”的“{step}”已签齐，请办理该步", case=case.title, step=step.title)
        notices = [(f"p:{each}", message) for each in left.people]
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


_STEP = VerbArgument(
    name="step",
    kind=ArgumentKind.STEP,
    required=False,
    option=True,
    help=say("签署的步骤（此环节只有一步时可省）"),
    # A request calls the step that is taken ``step``.
    requested_as="signed_step",
)

_PLACE = VerbArgument(
    name="place",
    kind=ArgumentKind.TEXT,
    required=False,
    option=True,
    help=say("before 在未签的人之前签（前加签），after 在其他人签完后签（后加签）；不写，与其他人一样"),
    choices=PLACES,
    added_later=True,
)

ADD_SIGNER = VerbSpec(
    word="add_signer",
    title=term("加签"),
    command=AddSigner,
    decide=add_signer,
    event=EventKind.SIGNER_ADDED,
    help=say("加签：再请一人签署。"),
    note=say("限于 `among` 所列的人；没有写的，谁都可以请；`place` 写 before 为前加签，写 after 为后加签"),
    happened=say("又有一人须签署"),
    needs=(Need.SIGNERS,),
    arguments=(VerbArgument(name="signer", kind=ArgumentKind.PERSON, fills="person"), _STEP, _PLACE),
    keys={"among": DefinitionKey(kind=KeyKind.AUDIENCE, sentence=say("限于{value}"))},
    sentence=say("可由{who}加签"),
)

DROP_SIGNER = VerbSpec(
    word="drop_signer",
    title=term("减签"),
    command=DropSigner,
    decide=drop_signer,
    event=EventKind.SIGNER_DROPPED,
    help=say("减签：尚未签署的一人不必签。"),
    note=say("已签的不能减"),
    happened=say("有一人不必签署"),
    needs=(Need.SIGNERS,),
    arguments=(VerbArgument(name="signer", kind=ArgumentKind.ANYBODY, fills="person"), _STEP),
    sentence=say("可由{who}减签"),
)
