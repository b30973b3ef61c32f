"""Signatures entered on what a case holds: who signed which bytes, how, and on whose device."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.visible_case import unknown_case
from engine.app.history.replay import history
from engine.app.papers.form_versions import altered_sentence, digest, form_histories
from engine.app.papers.signing import signature_states, signed_bytes, signers_named
from engine.app.people.acting_for import with_principals
from engine.app.ports.signatures import ENTERED, SignatureRecord, SigningWay
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import Actor
from engine.lifecycle.forms.personal import MARK, PersonalText
from engine.lifecycle.permission import belongs, display_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.app.ports.papers import KeptFile
    from engine.app.ports.signatures import SignatureState
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event

__all__ = ["SignatureRecord", "SigningWay", "sign_record"]


@command("signature.enter", decode=SignatureRecord.from_json)
def sign_record(
    context: CommandContext,
    case: str,
    record: str,
    signer: str,
    way: str,
    device: str,
    picture: str | None = None,
) -> SignatureRecord:
    """Enter that `signer` signed a form or a document of a case as its bytes are now.

    Those sign it, and enter the signatures of others, who take the step it is of, while the case goes on. Somebody else's
    signature needs its picture or scanned page, a kept file of the case; a seal is asked of the seal service, which is
    given the digest only. Whoever signed these bytes in this way does not sign them again, unless with another picture.
    """
    signer, device = clean(signer), clean(device)
    if not signer:
        raise context.refusal("signature", say("须写明签名人"))
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = uow.case(case)
    if found is None:
        raise CommandRefused(unknown_case(case))
    require_visible(uow, found, context.actor)
    events = list(history(context.transaction, case))
    content = _to_sign(context, uow, found, record, events)
    kind = SigningWay(way)
    if kind not in ENTERED:
        raise context.refusal("signature", say("办理时的签署由办理那一步登记，不另行登记"))
    names = signers_named(uow.process(found), context.transaction, found, record)
    _require_signer(context, uow, found, names, context.by)
    if kind in (SigningWay.PAD, SigningWay.SCAN) and uow.people.actor(signer) is not None:
        # Somebody of no register is of the firm, or a witness: their picture says who they are.
        _require_signer(context, uow, found, names, signer)
    files = {one.id: one for one in context.transaction.papers.files(case)}
    if kind in (SigningWay.PAD, SigningWay.SCAN) and picture not in files:
        raise context.refusal("signature", say("签字图片或扫描件须先存入本件，再写它的编号"))
    if kind is SigningWay.SYSTEM and signer != context.by:
        raise context.refusal("signature", say("系统内确认只能由本人办；代他人登记的须有签字图片或扫描件"))
    sha256 = digest(content)
    states = signature_states(context.transaction, found, events, holder=context.services)
    of_these = (one for one in states if (one.signature.record, one.signature.sha256) == (record, sha256))
    _require_new(context, of_these, files, signer, kind, picture)
    seal = None
    if kind is SigningWay.SEAL:
        service = context.services.seals
        if service is None:
            raise context.refusal("signature", say("没有接通印章服务"))
        seal = service.seal(sha256)
    # Whoever is in no register is of the firm, or a witness: their name is kept beside the history, for as long as the file.
    outside = context.services.entropy is not None and uow.people.actor(signer) is None
    signature = SignatureRecord(
        id=f"{case}/S{_next_number(events, context.transaction.signatures.of_case(case))}",
        case=case,
        record=record,
        sha256=sha256,
        person=signer,
        way=kind,
        device=device,
        at=uow.now,
        by=context.by,
        picture=picture,
        seal=seal,
    )
    context.transaction.signatures.add(replace(signature, person=MARK, device=MARK) if outside else signature)
    body: dict[str, Any] = {"title": "签名", "signature": signature.id, "record": record, "sha256": sha256}
    body |= {"signer": PersonalText(signer) if outside else signer}
    if picture in files:
        body |= {"picture": picture, "picture_sha256": files[picture].sha256}
    if seal is not None:
        body["seal"] = seal
    body |= {"way": kind.value, "device": PersonalText(device) if outside else device}
    uow.record(found, EventKind.RECORDED.value, context.by, body)
    uow.flush()
    context.recorded = True
    return signature


def _require_new(
    context: CommandContext,
    states: Iterable[SignatureState],
    files: Mapping[str, KeptFile],
    signer: str,
    way: SigningWay,
    picture: str | None,
) -> None:
    """Refuse the signature somebody gave already: one of `states` that holds, given in this way and with this picture."""
    for one in states:
        there = one.signature
        if not one.holds or there.way is not way or clean(there.person) != signer:
            continue
        pictures = {files[name].sha256 for name in (there.picture, picture) if name and name in files}
        if len(pictures) < 2:
            said = say(
                "“{person}”已签过现在的内容（{signature}），不重复登记", person=signer, signature=there.id
            )
            raise context.refusal("signature", said)


def _next_number(events: Iterable[Event], rows: Iterable[SignatureRecord]) -> int:
    """Return the number after the highest that a signature has or ever had: one whose row was removed keeps its own."""
    ids = [str(one.body["signature"]) for one in events if "signature" in one.body] + [one.id for one in rows]
    numbers = [one.rpartition("/S")[2] for one in ids]
    return max((int(one) for one in numbers if one.isascii() and one.isdecimal()), default=0) + 1


def _to_sign(
    context: CommandContext, uow: UnitOfWork, case: Case, record: str, events: Sequence[Event]
) -> bytes:
    """Return the bytes somebody signs now; refuses where there are none, where the case is over, or where they are not what was given."""
    histories = form_histories(events, case)
    content = signed_bytes(context.transaction, case, record, histories)
    if content is None:
        message = say("“{case}”没有可签的“{record}”（表单或文书的编号）", case=case.id, record=record)
        raise context.refusal(
            "signature", message, next_action=NextAction("list_documents", {"case": case.id})
        )
    if not case.open:
        message = say("“{case}”已办结，不再补签；有错的，按更正的三种办法办理（页面“更正”）", case=case.id)
        raise context.refusal("closed", message)
    if record in histories and histories[record].altered:
        form = uow.process(case).workflow.forms.get(record)
        raise context.refusal("signature", altered_sentence(histories[record], form, record))
    return content


def _require_signer(
    context: CommandContext, uow: UnitOfWork, case: Case, names: tuple[str, ...], person: str
) -> None:
    process = uow.process(case)
    actor = with_principals(uow.people, uow.people.actor(person) or Actor(person), case, uow.now, uow.process)
    if not belongs(process, case, actor, names):
        who = display_names(process, case, names)
        message = say("由{who}签署，“{person}”不能签，也不能代为登记", who=who, person=person)
        raise context.refusal("not-allowed", message)
