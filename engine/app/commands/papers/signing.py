"""Signatures entered on what a case holds: who signed which bytes, how, and on whose device."""

from __future__ import annotations

import hashlib

from engine.app.access.case_access import require_visible
from engine.app.access.command import CommandContext, command
from engine.app.access.visible_case import unknown_case
from engine.app.papers.signing import signed_bytes
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.case import EventKind

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

    Somebody else's signature needs its picture or scanned page, a kept file of the case; a seal is asked of the seal
    service, which is given the digest only.
    """
    uow = UnitOfWork(context.services, context.transaction, context.now)
    found = uow.case(case)
    if found is None:
        raise CommandRefused(unknown_case(case))
    require_visible(uow, found, context.actor)
    content = signed_bytes(context.transaction, found, record)
    if content is None:
        message = say("“{case}”没有可签的“{record}”（表单或文书的编号）", case=case, record=record)
        raise context.refusal("signature", message, next_action=NextAction("list_documents", {"case": case}))
    kind = SigningWay(way)
    files = {one.id: one for one in context.transaction.papers.files(case)}
    if kind in (SigningWay.PAD, SigningWay.SCAN) and picture not in files:
        raise context.refusal("signature", say("签字图片或扫描件须先存入本件，再写它的编号"))
    if kind is SigningWay.SYSTEM and signer != context.by:
        raise context.refusal("signature", say("系统内确认只能由本人办；代他人登记的须有签字图片或扫描件"))
    digest = hashlib.sha256(content).hexdigest()
    seal = None
    if kind is SigningWay.SEAL:
        service = context.services.seals
        if service is None:
            raise context.refusal("signature", say("没有接通印章服务"))
        seal = service.seal(digest)
    number = len(context.transaction.signatures.of_case(case)) + 1
    signature = SignatureRecord(
        id=f"{case}/S{number}",
        case=case,
        record=record,
        sha256=digest,
        person=signer,
        way=kind,
        device=device,
        at=uow.now,
        by=context.by,
        picture=picture,
        seal=seal,
    )
    context.transaction.signatures.add(signature)
    body = {"title": "签名", "signature": signature.id, "record": record, "sha256": digest, "signer": signer}
    uow.record(found, EventKind.RECORDED.value, context.by, {**body, "way": kind.value, "device": device})
    uow.flush()
    context.recorded = True
    return signature
